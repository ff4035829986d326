//! Which answers cannot be judged by another version, because the numbers that they
//! were computed from are others there.
//!
//! An answer names its variant by a number, and what stands behind the number is the
//! version's own. Judged by a version that draws others, a right answer would be wrong.
//! This is asked of packs with variants alone: elsewhere the statement writes its
//! numbers itself, and a declared value that is put right is what a rejudge is for.

use super::malformed;
use crate::db::{self, WriteTransaction};
use crate::services::problems::Problems;
use crate::services::{Result, ServiceError};
use gradien_problems::given::Given;
use gradien_problems::pack::{AnswerKind, Kind, Pack};
use gradien_problems::protocol::Submission;
use gradien_problems::{PackHash, PackSlug};
use std::collections::{HashMap, HashSet};

/// The variant that an answer names, and the version whose numbers it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnsweredVariant {
    /// The first is 0.
    pub number: u32,
    pub version: PackHash,
}

/// Those of these submissions (their ids, and the versions that judged them) that the
/// version `hash` cannot judge.
///
/// # Errors
/// [`ServiceError::PackUnready`] where its variants are not drawn yet.
pub(super) async fn list_unfit(
    txn: &WriteTransaction,
    problems: &Problems,
    slug: &PackSlug,
    hash: &PackHash,
    submissions: &[(String, String)],
) -> Result<HashSet<String>> {
    let by = Numbers::read(txn, problems, slug, hash).await?;
    let mut before: HashMap<&str, Numbers> = HashMap::new();
    let mut asked = Vec::new();
    for (id, version) in submissions {
        if version == hash.as_str() {
            continue;
        }
        if !before.contains_key(version.as_str()) {
            let parsed = version.parse().map_err(|_| malformed("pack hash"))?;
            let numbers = Numbers::read(txn, problems, slug, &parsed).await?;
            before.insert(version, numbers);
        }
        if by.vary || before[version.as_str()].vary {
            asked.push(id.as_str());
        }
    }
    if asked.is_empty() {
        return Ok(HashSet::new());
    }
    if by.vary && by.of_variants.is_empty() {
        return Err(ServiceError::PackUnready);
    }
    let mut unfit = HashSet::new();
    for row in db::submissions::list_contents(&**txn, &asked).await? {
        let Some(number) = variant(&row.content_json)? else {
            continue;
        };
        let old = before.get(row.pack_hash.as_str());
        let old = old.and_then(|numbers| numbers.of_variants.get(number as usize));
        let same = old.is_some() && old == by.of_variants.get(number as usize);
        if !same {
            unfit.insert(row.id);
        }
    }
    Ok(unfit)
}

/// What these submissions were computed from, by their ids.
pub(super) async fn list_answered(
    db: &impl sea_orm::ConnectionTrait,
    submissions: &[&str],
) -> Result<HashMap<String, AnsweredVariant>> {
    let mut answered = HashMap::new();
    for row in db::submissions::list_contents(db, submissions).await? {
        let Some(number) = variant(&row.content_json)? else {
            continue;
        };
        let version = row.pack_hash.parse().map_err(|_| malformed("pack hash"))?;
        answered.insert(row.id, AnsweredVariant { number, version });
    }
    Ok(answered)
}

fn variant(content_json: &str) -> Result<Option<u32>> {
    let content = serde_json::from_str(content_json).map_err(|_| malformed("submission"))?;
    Ok(match content {
        Submission::Answer { variant, .. } => Some(variant),
        _ => None,
    })
}

/// The numbers of one version.
struct Numbers {
    vary: bool,
    /// Empty where they are not drawn, and of other kinds.
    of_variants: Vec<Vec<Given>>,
}

impl Numbers {
    async fn read(
        txn: &WriteTransaction,
        problems: &Problems,
        slug: &PackSlug,
        hash: &PackHash,
    ) -> Result<Numbers> {
        let pack = problems.version(hash, slug)?;
        let Some(answer) = find_answer(&pack) else {
            return Ok(Numbers {
                vary: false,
                of_variants: Vec::new(),
            });
        };
        if answer.variants.is_none() {
            return Ok(Numbers {
                vary: false,
                of_variants: vec![answer.given()],
            });
        }
        let row = db::packs::find(&**txn, hash.as_str()).await?;
        let of_variants = match row.and_then(|row| row.variants_json) {
            Some(json) => serde_json::from_str(&json).map_err(|_| malformed("list of variants"))?,
            None => Vec::new(),
        };
        Ok(Numbers {
            vary: true,
            of_variants,
        })
    }
}

fn find_answer(pack: &Pack) -> Option<&AnswerKind> {
    match &pack.kind {
        Kind::Answer(answer) => Some(answer),
        _ => None,
    }
}
