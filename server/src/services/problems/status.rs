//! Where a version stands between being written and being taken back.

/// Of a version; a problem is where its present version is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Only coaches see it; it was never published.
    Draft,
    /// Everybody sees it. At most one version of a problem is.
    Published,
    /// Made for a contest, by a secret; only coaches see it until a contest opens it.
    Sealed,
    /// It was published, and is no more: taken back, or replaced by another.
    Withdrawn,
}

impl Status {
    pub const ALL: [Status; 4] = [
        Status::Draft,
        Status::Published,
        Status::Sealed,
        Status::Withdrawn,
    ];

    /// As the database has it.
    pub fn name(self) -> &'static str {
        match self {
            Status::Draft => "draft",
            Status::Published => "published",
            Status::Sealed => "sealed",
            Status::Withdrawn => "withdrawn",
        }
    }

    pub fn from_name(name: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// How a version came here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It lay in a folder that the server was given at start.
    Shipped,
    /// A coach uploaded it.
    Uploaded,
}

impl Origin {
    pub fn name(self) -> &'static str {
        match self {
            Origin::Shipped => "shipped",
            Origin::Uploaded => "uploaded",
        }
    }

    pub fn from_name(name: &str) -> Option<Origin> {
        [Origin::Shipped, Origin::Uploaded]
            .into_iter()
            .find(|origin| origin.name() == name)
    }
}
