//! The pages of the console: files that were built into the program.
//!
//! `rust-embed` keeps them in the binary and, unlike `include_dir`, builds without the folder and
//! reads it anew at each request in debug builds, so that the pages can be worked on without
//! building the program.

use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

/// What `npm run build` leaves in `console/dist`; empty where it was not run.
#[derive(RustEmbed)]
#[folder = "../../console/dist"]
#[allow_missing = true]
struct Files;

/// The page that everything begins with.
const INDEX: &str = "index.html";

/// What is shown where the pages were not built.
const ABSENT: &str = "<!doctype html><meta charset=utf-8><title>Rolecall</title>\n\
    <h1>This build of Rolecall has no console</h1>\n\
    <p>Its pages were not built. Build them, and then the program again:</p>\n\
    <pre>cd console &amp;&amp; npm ci &amp;&amp; npm run build\ncargo build --release</pre>\n\
    <p>The API works all the same: <a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a>.</p>\n";

/// Files whose names change with their content: browsers may keep them.
const HASHED: &str = "assets/";

/// As long as browsers keep such a file: a year.
const KEPT: &str = "public, max-age=31536000, immutable";

/// The file that `uri` names, or the page that finds out itself what the address means.
pub(super) async fn file(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let is_page = !path.starts_with(HASHED) && !path.contains('.');
    let name = if path.is_empty() || is_page { INDEX } else { path };
    let Some(plain) = Files::get(name) else {
        return if name == INDEX { absent() } else { StatusCode::NOT_FOUND.into_response() };
    };
    let kind = plain.metadata.mimetype().to_owned();
    let packed = Some(name).filter(|name| name.starts_with(HASHED) && takes_gzip(&headers));
    let packed = packed.and_then(|name| Files::get(&format!("{name}.gz")));
    let is_packed = packed.is_some();
    let file = packed.unwrap_or(plain);
    let tag = format!("\"{}\"", crate::config::hex(&file.metadata.sha256_hash()));
    let cache = if name.starts_with(HASHED) { KEPT } else { "no-cache" };
    let is_known = headers.get(header::IF_NONE_MATCH).is_some_and(|given| given == tag.as_str());
    let status = if is_known { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let body = if is_known { Vec::new() } else { file.data.into_owned() };
    let mut response = (status, body).into_response();
    let head = response.headers_mut();
    head.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        head.insert(header::ETAG, tag);
    }
    if name.starts_with(HASHED) {
        head.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    if is_packed {
        head.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    let kind = if kind.starts_with("text/") { format!("{kind}; charset=utf-8") } else { kind };
    if let Ok(kind) = HeaderValue::from_str(&kind) {
        head.insert(header::CONTENT_TYPE, kind);
    }
    response
}

/// Whether the browser takes compressed files. One that forbids them by weight (`gzip;q=0`) gets
/// none, and so does one that names only others.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let given = headers.get_all(header::ACCEPT_ENCODING).into_iter();
    let mut codings = given.filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(','));
    codings.any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().strip_prefix("q=").unwrap_or("1");
        name.trim().eq_ignore_ascii_case("gzip") && weight.parse().is_ok_and(|q: f32| q > 0.0)
    })
}

fn absent() -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], ABSENT).into_response()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::takes_gzip;

    #[test]
    fn who_does_not_ask_for_compressed_files_gets_none() {
        let takes = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            takes_gzip(&headers)
        };
        assert!(takes("gzip, deflate, br, zstd"));
        assert!(takes("br;q=1.0, GZIP;q=0.8"));
        assert!(!takes("br, zstd"));
        assert!(!takes("gzip;q=0, br"));
        assert!(!takes("gzip;q=none"));
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
