//! Stylesheets, scripts and fonts, all served by us.
//!
//! Two sources: `server/static/`, compiled in (a debug build reads the folder when
//! it starts), and the folder of built front-end packages, below `web/`. One hash
//! over all of them stands in every address, so that they may be cached for ever
//! and still refer to each other by relative addresses.

use crate::render::math;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

#[derive(rust_embed::Embed)]
#[folder = "static/"]
#[allow_missing = true]
struct Embedded;

pub struct Asset {
    pub bytes: Bytes,
    /// The same, compressed once when the server starts; `None` where that gains
    /// nothing, as for fonts.
    pub gzip: Option<Bytes>,
    pub content_type: String,
}

pub struct Assets {
    files: BTreeMap<String, Asset>,
    hash: String,
}

/// No asset of ours is as large; a folder that holds more is not a front end.
const MAX_FILE_BYTES: u64 = 8 << 20;

impl Assets {
    /// `web` is the folder of built front-end packages; without it pages work, but
    /// the editor is a plain text area.
    pub fn load(web: Option<&Path>) -> io::Result<Assets> {
        let mut contents = BTreeMap::new();
        for name in Embedded::iter() {
            if let Some(file) = Embedded::get(&name) {
                contents.insert(name.into_owned(), Bytes::from(file.data.into_owned()));
            }
        }
        let style = stylesheet(&mut contents);
        contents.insert("app.css".to_owned(), Bytes::from(style));
        contents.insert(
            "math.css".to_owned(),
            Bytes::from_static(math::stylesheet().as_bytes()),
        );
        if let Some(folder) = web {
            read_folder(folder, "web", &mut contents)?;
        }
        Ok(Assets::new(contents))
    }

    fn new(contents: BTreeMap<String, Bytes>) -> Assets {
        let mut hasher = Sha256::new();
        let mut files = BTreeMap::new();
        for (name, bytes) in contents {
            for part in [name.as_bytes(), &bytes] {
                hasher.update((part.len() as u64).to_le_bytes());
                hasher.update(part);
            }
            let content_type = content_type(&name);
            files.insert(
                name,
                Asset {
                    gzip: gzip(&bytes),
                    bytes,
                    content_type,
                },
            );
        }
        let hash = hex::encode(&hasher.finalize()[..8]);
        Assets { files, hash }
    }

    /// The address of an asset, if there is one by this name.
    pub fn find_url(&self, name: &str) -> Option<String> {
        self.files
            .contains_key(name)
            .then(|| format!("/static/{}/{name}", self.hash))
    }

    pub fn find(&self, hash: &str, name: &str) -> Option<&Asset> {
        (hash == self.hash).then(|| self.files.get(name)).flatten()
    }

    /// Stylesheets of every page: fonts first, if there are any, then ours.
    pub fn stylesheets(&self) -> Vec<String> {
        ["web/fonts.css", "app.css", "math.css"]
            .iter()
            .filter_map(|name| self.find_url(name))
            .collect()
    }
}

/// Our own rules stand in one file per purpose and are served as one, in this
/// order: a later one may refine an earlier one.
const STYLES: [&str; 9] = [
    "tokens", "base", "layout", "forms", "tables", "verdicts", "code", "coach", "print",
];

/// Takes the files of `style/` out of `contents` and joins them.
fn stylesheet(contents: &mut BTreeMap<String, Bytes>) -> Vec<u8> {
    let mut joined = Vec::new();
    for name in STYLES {
        if let Some(part) = contents.remove(&format!("style/{name}.css")) {
            joined.extend_from_slice(&part);
            joined.push(b'\n');
        }
    }
    joined
}

fn content_type(name: &str) -> String {
    let mime = mime_guess::from_path(name).first_or_octet_stream();
    if mime.type_() == "text" || mime.subtype() == "javascript" {
        format!("{}; charset=utf-8", mime.essence_str())
    } else {
        mime.essence_str().to_owned()
    }
}

fn read_folder(
    folder: &Path,
    prefix: &str,
    contents: &mut BTreeMap<String, Bytes>,
) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let name = format!("{prefix}/{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() {
            read_folder(&entry.path(), &name, contents)?;
        } else if kind.is_file() && entry.metadata()?.len() <= MAX_FILE_BYTES {
            contents.insert(name, Bytes::from(std::fs::read(entry.path())?));
        }
    }
    Ok(())
}

fn gzip(bytes: &[u8]) -> Option<Bytes> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).ok()?;
    let smaller = encoder.finish().ok()?;
    (smaller.len() < bytes.len() / 10 * 9).then(|| Bytes::from(smaller))
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|one| {
            let mut parts = one.split(';').map(str::trim);
            let refused = |quality: &str| {
                quality
                    .strip_prefix("q=")
                    .and_then(|q| q.parse::<f32>().ok())
                    .is_some_and(|q| q <= 0.0)
            };
            parts.next() == Some("gzip") && !parts.any(refused)
        })
}

/// `GET /static/{hash}/{name}`
pub async fn get(
    path: web::Path<(String, String)>,
    assets: web::Data<Assets>,
    request: HttpRequest,
) -> HttpResponse {
    let (hash, name) = path.into_inner();
    match assets.find(&hash, &name) {
        Some(asset) => {
            let mut answer = HttpResponse::Ok();
            answer
                .insert_header((header::CONTENT_TYPE, asset.content_type.as_str()))
                .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"));
            let Some(gzip) = &asset.gzip else {
                return answer.body(asset.bytes.clone());
            };
            answer.insert_header((header::VARY, "accept-encoding"));
            if accepts_gzip(request.headers()) {
                answer
                    .insert_header((header::CONTENT_ENCODING, "gzip"))
                    .body(gzip.clone())
            } else {
                answer.body(asset.bytes.clone())
            }
        }
        None => HttpResponse::NotFound()
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .finish(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assets(css: &'static str) -> Assets {
        Assets::new(BTreeMap::from([
            ("app.css".to_owned(), Bytes::from_static(css.as_bytes())),
            ("web/editor.js".to_owned(), Bytes::from_static(b"1")),
        ]))
    }

    #[test]
    fn an_address_changes_with_any_content_and_the_old_one_is_gone() {
        let (old, new) = (assets("a"), assets("b"));
        let url = old.find_url("web/editor.js").unwrap();
        assert_ne!(url, new.find_url("web/editor.js").unwrap());
        assert!(new.find(&old.hash, "app.css").is_none());
        assert!(old.find_url("../Cargo.toml").is_none());
        assert_eq!(old.stylesheets().len(), 1);
    }

    #[test]
    fn what_shrinks_is_compressed_for_those_who_take_it() {
        let long = ".a{color:red}".repeat(100);
        let short = gzip(long.as_bytes()).unwrap();
        assert!(short.len() < 100);
        let mut decoder = flate2::read::GzDecoder::new(&short[..]);
        assert_eq!(io::read_to_string(&mut decoder).unwrap(), long);
        let random: Vec<u8> = (0..2000u32)
            .map(|i| Sha256::digest(i.to_le_bytes())[0])
            .collect();
        assert!(gzip(&random).is_none());

        for (accepted, taken) in [
            ("gzip, deflate, br", true),
            ("br;q=1.0, gzip;q=0.8", true),
            ("gzip;q=0", false),
            ("br", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, accepted.parse().unwrap());
            assert_eq!(accepts_gzip(&headers), taken, "{accepted}");
        }
    }

    #[test]
    fn scripts_and_styles_have_types_that_browsers_accept() {
        let assets = assets("a");
        assert_eq!(
            assets.files["app.css"].content_type,
            "text/css; charset=utf-8"
        );
        assert_eq!(
            assets.files["web/editor.js"].content_type,
            "text/javascript; charset=utf-8"
        );
    }

    #[test]
    fn every_file_of_our_style_is_in_the_one_that_is_served() {
        let assets = Assets::load(None).unwrap();
        assert!(!assets.files.keys().any(|name| name.starts_with("style/")));
        let served = &assets.files["app.css"].bytes;
        let served = std::str::from_utf8(served).unwrap();
        assert!(served.contains("--accent") && served.contains(".verdict"));
    }

    #[test]
    fn the_web_folder_is_read_below_its_own_name() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("fonts")).unwrap();
        std::fs::write(folder.path().join("fonts/a.woff2"), b"x").unwrap();
        let assets = Assets::load(Some(folder.path())).unwrap();
        assert!(assets.find_url("web/fonts/a.woff2").is_some());
        assert!(assets.find_url("math.css").is_some());
    }
}
