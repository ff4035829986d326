//! Ids of what the database keeps: 128 random bits, written as 32 lower-case
//! hexadecimal digits. They are never counted, so an id tells nothing of how
//! many others there are or when they came.

use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// The text is not 32 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected 32 lower-case hexadecimal digits")]
pub struct IdError;

macro_rules! random_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// A new one, from the system's randomness.
            pub fn random() -> Self {
                Self(Uuid::new_v4())
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let digits = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
                if text.len() != 32 || !digits {
                    return Err(IdError);
                }
                Uuid::try_parse(text).map(Self).map_err(|_| IdError)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.simple().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    };
}

random_id!(
    /// An account.
    UserId
);
random_id!(
    /// A sign-in on one browser: the family of its refresh tokens.
    SessionId
);
random_id!(
    /// Something handed in.
    SubmissionId
);
random_id!(
    /// One piece of work for a grader: a submission to be judged.
    JudgementId
);
random_id!(
    /// A pack that a coach sent.
    UploadId
);
random_id!(
    /// A set of judgements that were made anew.
    RejudgeId
);
random_id!(
    /// Names a fault of ours in the log and to whoever met it.
    IncidentId
);

#[cfg(test)]
mod tests {
    use super::SubmissionId;

    #[test]
    fn ids_read_back_and_nothing_else_is_an_id() {
        let id = SubmissionId::random();
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().len(), 32);
        let dashed = "67e55044-10b1-426f-9247-bb680e5fe0c8";
        let upper = "67E5504410B1426F9247BB680E5FE0C8";
        for bad in ["", "1", dashed, upper, "../../../../../../../etc/passwd__"] {
            assert!(bad.parse::<SubmissionId>().is_err(), "{bad}");
        }
    }
}
