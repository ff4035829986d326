//! Times as people in Indonesia's three zones read them. The database of zones is
//! compiled in, so the machine's own, or its lack, changes nothing.

use gradien_problems::Language;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The zones that a user can choose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Zone {
    #[default]
    Jakarta,
    Makassar,
    Jayapura,
}

impl Zone {
    pub const ALL: [Zone; 3] = [Zone::Jakarta, Zone::Makassar, Zone::Jayapura];

    /// The name in the database of zones.
    pub fn name(self) -> &'static str {
        match self {
            Zone::Jakarta => "Asia/Jakarta",
            Zone::Makassar => "Asia/Makassar",
            Zone::Jayapura => "Asia/Jayapura",
        }
    }

    /// What people call it, the same in both languages.
    pub fn abbreviation(self) -> &'static str {
        match self {
            Zone::Jakarta => "WIB",
            Zone::Makassar => "WITA",
            Zone::Jayapura => "WIT",
        }
    }

    pub fn find(name: &str) -> Option<Zone> {
        Zone::ALL.into_iter().find(|zone| zone.name() == name)
    }
}

const MONTHS_ID: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des",
];
const MONTHS_EN: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `24 Nov 2026, 18.05.09 WIB`; English writes the time with colons. `unix_ms` is
/// UTC, in milliseconds since 1970.
pub fn show_time(unix_ms: i64, zone: Zone, language: Language) -> String {
    let (Ok(time), Ok(tz)) = (
        Timestamp::from_millisecond(unix_ms),
        TimeZone::get(zone.name()),
    ) else {
        return String::new();
    };
    let local = time.to_zoned(tz);
    let (months, separator) = match language {
        Language::Id => (MONTHS_ID, '.'),
        Language::En => (MONTHS_EN, ':'),
    };
    format!(
        "{} {} {}, {:02}{separator}{:02}{separator}{:02} {}",
        local.day(),
        months[local.month() as usize - 1],
        local.year(),
        local.hour(),
        local.minute(),
        local.second(),
        zone.abbreviation()
    )
}

/// For the `datetime` attribute: `2026-11-24T11:05:09Z`.
pub fn machine_time(unix_ms: i64) -> String {
    Timestamp::from_millisecond(unix_ms - unix_ms.rem_euclid(1000))
        .map(|time| time.to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: i64 = 1_795_518_309_000; // 2026-11-24T11:05:09Z

    #[test]
    fn times_are_shown_in_the_zone_by_its_name() {
        for (zone, language, text) in [
            (Zone::Jakarta, Language::Id, "24 Nov 2026, 18.05.09 WIB"),
            (Zone::Makassar, Language::En, "24 Nov 2026, 19:05:09 WITA"),
            (Zone::Jayapura, Language::Id, "24 Nov 2026, 20.05.09 WIT"),
        ] {
            assert_eq!(show_time(MS, zone, language), text);
        }
        assert_eq!(machine_time(MS + 7), "2026-11-24T11:05:09Z");
    }

    #[test]
    fn months_are_indonesian_in_indonesian() {
        let august = MS - 100 * 86_400_000;
        assert!(show_time(august, Zone::Jakarta, Language::Id).contains("Agu"));
        assert!(show_time(august, Zone::Jakarta, Language::En).contains("Aug"));
    }

    #[test]
    fn every_zone_is_in_the_database() {
        for zone in Zone::ALL {
            assert!(TimeZone::get(zone.name()).is_ok());
            assert_eq!(Zone::find(zone.name()), Some(zone));
        }
        assert_eq!(Zone::find("Europe/London"), None);
    }
}
