//! How often one address or one person may ask. A whole camp may sit behind one
//! address, so the limits by address are wide and those by user name narrow.

use super::errors::PageError;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

pub struct RateLimits {
    /// Tries to sign in, by address.
    sign_in_address: Limit,
    /// Tries to sign in, by the user name that was tried.
    sign_in_name: Limit,
    sign_up_address: Limit,
    submit: Limit,
    run: Limit,
    draft: Limit,
    pack: Limit,
}

/// What is counted.
#[derive(Debug, Clone, Copy)]
pub enum Action<'a> {
    SignIn {
        address: Option<IpAddr>,
        username: &'a str,
    },
    SignUp {
        address: Option<IpAddr>,
    },
    Submit {
        user: &'a str,
    },
    Run {
        user: &'a str,
    },
    Draft {
        user: &'a str,
    },
    /// A pack is uploaded.
    Pack {
        user: &'a str,
    },
}

impl RateLimits {
    pub fn new() -> RateLimits {
        RateLimits {
            sign_in_address: Limit::new(60, Duration::from_secs(1)),
            sign_in_name: Limit::new(10, Duration::from_secs(10)),
            sign_up_address: Limit::new(60, Duration::from_secs(10)),
            submit: Limit::new(10, Duration::from_secs(3)),
            run: Limit::new(20, Duration::from_secs(1)),
            draft: Limit::new(60, Duration::from_millis(500)),
            pack: Limit::new(20, Duration::from_secs(6)),
        }
    }

    /// # Errors
    /// [`super::errors::ErrorCode::RateLimited`], with the seconds to wait.
    pub fn check(&self, action: Action<'_>) -> Result<(), PageError> {
        let key = |address: Option<IpAddr>| address.map(network_of).unwrap_or_default();
        match action {
            Action::SignIn { address, username } => {
                self.sign_in_address.check(key(address))?;
                self.sign_in_name.check(username.trim().to_lowercase())
            }
            Action::SignUp { address } => self.sign_up_address.check(key(address)),
            Action::Submit { user } => self.submit.check(user.to_owned()),
            Action::Run { user } => self.run.check(user.to_owned()),
            Action::Draft { user } => self.draft.check(user.to_owned()),
            Action::Pack { user } => self.pack.check(user.to_owned()),
        }
    }
}

impl Default for RateLimits {
    fn default() -> Self {
        RateLimits::new()
    }
}

/// One person's IPv6 addresses share their first 64 bits.
fn network_of(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => v4.to_string(),
            None => format!("{:x?}", &v6.segments()[..4]),
        },
    }
}

struct Limit {
    limiter: DefaultKeyedRateLimiter<String>,
    checks: AtomicU32,
}

impl Limit {
    /// `burst` at once, then one more after every `refill`.
    fn new(burst: u32, refill: Duration) -> Limit {
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(refill)
            .unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN))
            .allow_burst(burst);
        Limit {
            limiter: RateLimiter::keyed(quota),
            checks: AtomicU32::new(0),
        }
    }

    fn check(&self, key: String) -> Result<(), PageError> {
        // Keys that would pass anyway need not be kept.
        if self.checks.fetch_add(1, Ordering::Relaxed) % 1024 == 1023 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        // A key is as long as its sender likes.
        let key: String = key.chars().take(64).collect();
        self.limiter.check_key(&key).map_err(|wait| {
            let wait = wait.wait_time_from(DefaultClock::default().now());
            PageError::rate_limited(wait.as_secs_f64().ceil() as u64)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::errors::ErrorCode;

    #[test]
    fn after_the_burst_the_answer_says_how_long_to_wait() {
        let limits = RateLimits::new();
        for _ in 0..10 {
            limits.check(Action::Submit { user: "a" }).unwrap();
        }
        let error = limits.check(Action::Submit { user: "a" }).unwrap_err();
        assert_eq!(error.code, ErrorCode::RateLimited);
        assert!((1..=3).contains(&error.retry_after_s.unwrap()));
        limits.check(Action::Submit { user: "b" }).unwrap();
        limits.check(Action::Run { user: "a" }).unwrap();
    }

    #[test]
    fn one_name_is_guarded_from_many_addresses() {
        let limits = RateLimits::new();
        for last in 0..10 {
            let address = Some(IpAddr::from([10, 0, 0, last]));
            limits
                .check(Action::SignIn {
                    address,
                    username: "Budi",
                })
                .unwrap();
        }
        let address = Some(IpAddr::from([10, 0, 0, 99]));
        assert!(
            limits
                .check(Action::SignIn {
                    address,
                    username: " budi"
                })
                .is_err()
        );
        assert!(
            limits
                .check(Action::SignIn {
                    address,
                    username: "siti"
                })
                .is_ok()
        );
    }

    #[test]
    fn addresses_of_one_network_count_together() {
        let one: IpAddr = "2001:db8:1:2::1".parse().unwrap();
        let other: IpAddr = "2001:db8:1:2:ffff::2".parse().unwrap();
        assert_eq!(network_of(one), network_of(other));
        assert_eq!(network_of("::ffff:10.0.0.1".parse().unwrap()), "10.0.0.1");
    }
}
