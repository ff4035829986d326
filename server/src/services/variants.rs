//! Variants: which numbers of a problem somebody has.
//!
//! Everybody begins with the pack's own numbers, those that are shown before signing
//! in. Each further variant comes in an order of the student's own, which follows from
//! who they are and which problem it is, so that neighbours seldom meet; after the
//! last one it begins anew. Only how often the next one was asked for is kept: with a
//! contest that gives the same to all ([`Numbers::Same`]) nobody's place is lost.
//!
//! A submission names the variant it was computed from and keeps it for ever. It may be
//! any that its author was ever given: a page that was left open stays good.

use super::clock::Clock;
use super::problems::ProblemView;
use super::sessions::Viewer;
use super::{Result, ServiceError};
use crate::db::entity::drawn_variant::Model;
use crate::db::{self, Database};
use crate::ids::UserId;
use gradien_problems::PackSlug;
use gradien_problems::given::Given;
use gradien_problems::pack::{Kind, Pack};
use sea_orm::ConnectionTrait;
use sha2::{Digest, Sha256};

/// Who gets which numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// Everybody their own, and others for the asking: practice.
    Own,
    /// This variant for all: what a contest is held with.
    Same(u32),
}

/// The variant that somebody has.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnVariant {
    /// The first is 0.
    pub number: u32,
    pub count: u32,
    /// Empty: the numbers that the pack declares.
    pub given: Vec<Given>,
    /// Whether other numbers are given for the asking.
    pub renewable: bool,
}

#[derive(Clone)]
pub struct Variants {
    db: Database,
    clock: Clock,
}

impl Variants {
    pub(super) fn new(db: Database, clock: Clock) -> Variants {
        Variants { db, clock }
    }

    /// `None` where the problem has the same numbers for all, or while its variants
    /// are not drawn yet.
    pub async fn find(
        &self,
        viewer: Option<&Viewer>,
        problem: &ProblemView,
        numbers: Numbers,
    ) -> Result<Option<OwnVariant>> {
        let count = problem.variants.len() as u32;
        if count < 2 {
            return Ok(None);
        }
        let number = match (numbers, viewer) {
            (Numbers::Same(number), _) => number % count,
            (Numbers::Own, None) => 0,
            (Numbers::Own, Some(viewer)) => {
                let (user, slug) = (viewer.user.id, &problem.pack.slug);
                let draws = draws(self.db.read(), user, problem).await?;
                nth(user, slug, count, draws)
            }
        };
        let given = problem.variants.get(number as usize);
        Ok(Some(OwnVariant {
            number,
            count,
            given: given.cloned().unwrap_or_default(),
            renewable: numbers == Numbers::Own && viewer.is_some(),
        }))
    }

    /// Gives the viewer the next numbers. Whoever saw `from` and asks twice is given
    /// the next but once: a form may be sent twice.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where the problem has no variants.
    pub async fn renew(&self, viewer: &Viewer, problem: &ProblemView, from: u32) -> Result<()> {
        let not_found = ServiceError::NotFound { what: "variant" };
        let count = problem.variants.len() as u32;
        if count < 2 {
            return Err(not_found);
        }
        let (user, slug) = (viewer.user.id, &problem.pack.slug);
        let txn = self.db.begin_write().await?;
        let draws = draws(&*txn, user, problem).await?;
        if nth(user, slug, count, draws) != from {
            return Ok(());
        }
        let drawn = Model {
            user_id: user.to_string(),
            slug: slug.to_string(),
            trial: problem.trial().to_owned(),
            draws: i32::try_from(draws.saturating_add(1)).unwrap_or(i32::MAX),
            drawn_at_ms: self.clock.now_ms(),
        };
        db::variants::save(&*txn, drawn).await?;
        txn.commit().await?;
        Ok(())
    }
}

async fn draws(db: &impl ConnectionTrait, user: UserId, problem: &ProblemView) -> Result<u32> {
    let (slug, trial) = (problem.pack.slug.as_str(), problem.trial());
    Ok(db::variants::count_draws(db, &user.to_string(), slug, trial).await?)
}

/// Whether this user was ever given this variant of the pack, as far as the
/// transaction sees. Staff may try each.
pub(super) async fn was_given(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    pack: &Pack,
    number: u32,
) -> Result<bool> {
    let count = match &pack.kind {
        Kind::Answer(answer) => answer.variant_count(),
        _ => 1,
    };
    if number >= count {
        return Ok(false);
    }
    if number == 0 || viewer.user.role.is_staff() {
        return Ok(true);
    }
    let (user, slug) = (viewer.user.id, &pack.slug);
    let draws = db::variants::count_draws(db, &user.to_string(), slug.as_str(), "").await?;
    let place = order(user, slug, count)
        .iter()
        .position(|&one| one == number);
    Ok(place.is_some_and(|place| place as u64 <= u64::from(draws)))
}

/// The variant after so many draws.
fn nth(user: UserId, slug: &PackSlug, count: u32, draws: u32) -> u32 {
    let order = order(user, slug, count);
    order[(draws % count) as usize]
}

/// The first is everybody's; the others are sorted by a hash of who and what.
fn order(user: UserId, slug: &PackSlug, count: u32) -> Vec<u32> {
    let key = |number: &u32| match number {
        0 => [0; 32],
        _ => {
            let text = format!("variant/{user}/{slug}/{number}");
            <[u8; 32]>::from(Sha256::digest(text))
        }
    };
    let mut order: Vec<u32> = (0..count).collect();
    order.sort_by_cached_key(key);
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_goes_through_all_variants_in_an_order_of_their_own() {
        let (one, other) = (UserId::random(), UserId::random());
        let slug: PackSlug = "ch3-feedforward-hand".parse().unwrap();
        let seen = |user| (0..20).map(|n| nth(user, &slug, 20, n)).collect::<Vec<_>>();
        assert_eq!(seen(one), seen(one));
        assert_ne!(seen(one), seen(other));
        for user in [one, other] {
            let mut sorted = seen(user);
            assert_eq!(sorted[0], 0);
            sorted.sort_unstable();
            assert_eq!(sorted, (0..20).collect::<Vec<_>>());
            assert_eq!(nth(user, &slug, 20, 21), seen(user)[1]);
        }
        let elsewhere: PackSlug = "ch5-convolution-hand".parse().unwrap();
        assert_ne!(order(one, &elsewhere, 20), order(one, &slug, 20));
    }
}
