//! What every answer carries so that a browser does nothing but what the page is
//! for, and the check of where a request comes from.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// Headers of every answer. `nonce` is that of a page: the editor makes its own
/// style elements, which carry it.
pub fn insert(headers: &mut HeaderMap, nonce: Option<&str>, https: bool) {
    let style_nonce = nonce
        .map(|nonce| format!(" 'nonce-{nonce}'"))
        .unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'{style_nonce}; img-src 'self'; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_SECURITY_POLICY, &policy);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(
        header::PERMISSIONS_POLICY,
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    );
    set(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    set(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    if https {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// Whether a request that changes something comes from one of our own pages, as
/// far as the browser says. Old browsers say nothing; the forms' token decides
/// then, as it does in any case.
pub fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match (text("origin"), text("host")) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(host)),
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.insert(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        map
    }

    #[test]
    fn only_our_own_pages_may_change_things() {
        for (pairs, ours) in [
            (vec![], true),
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "none")], true),
            (vec![("sec-fetch-site", "same-site")], false),
            (
                vec![
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "http://a"),
                    ("host", "a"),
                ],
                false,
            ),
            (vec![("origin", "http://a:8080"), ("host", "a:8080")], true),
            (vec![("origin", "https://A"), ("host", "a")], true),
            (vec![("origin", "http://b"), ("host", "a")], false),
            (vec![("origin", "null"), ("host", "a")], false),
        ] {
            assert_eq!(same_origin(&headers(&pairs)), ours, "{pairs:?}");
        }
    }

    #[test]
    fn the_policy_lets_nothing_inline_through() {
        let mut map = HeaderMap::new();
        insert(&mut map, Some("abc"), true);
        let policy = map
            .get("content-security-policy")
            .unwrap()
            .to_str()
            .unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("'nonce-abc'"));
        assert!(!policy.contains("unsafe") && !policy.contains('*'));
        assert!(map.contains_key("strict-transport-security"));
        assert_eq!(map.get("cache-control").unwrap(), "no-store");
    }
}
