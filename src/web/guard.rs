//! What is refused before anything is read: requests for another server's name, and pages of other sites that would have
//! somebody's browser share for them.

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::AppState;
use super::error::{self, Error};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A layer that answers by the server's own names alone, and lets only its own pages share.
pub(super) async fn layer(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let refused = match host(&request) {
        Ok(Some(host)) if !app.config.is_own_host(host.host()) => Some(Error::NotOurHost),
        // The request line may name a server too, <https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2>.
        Ok(_) if request.uri().authority().is_some_and(|named| !app.config.is_own_host(named.host())) => {
            Some(Error::NotOurHost)
        }
        Ok(host) => {
            let is_foreign = keeps_something(request.method(), request.uri().path())
                && !is_own_page(request.headers(), host.as_ref(), app.config.public_url.as_deref());
            is_foreign.then_some(Error::ForeignOrigin)
        }
        Err(refused) => Some(refused),
    };
    match refused {
        Some(refused) => error::faced(&request, refused.into_response()),
        None => next.run(request).await,
    }
}

/// The name that a request is for. Browsers always say it; whoever does not asks the address that it is connected to.
fn host(request: &Request) -> Result<Option<Authority>, Error> {
    let unclear = || Error::BadRequest("the Host header is not the name or address of a server".to_owned());
    let mut given = request.headers().get_all(header::HOST).iter();
    let Some(host) = given.next() else {
        return match request.uri().authority() {
            // HTTP/1.1 asks for the header, <https://www.rfc-editor.org/rfc/rfc9112#section-3.2>; what is older knows of none.
            None if request.version() == Version::HTTP_11 => {
                Err(Error::BadRequest("a request of HTTP/1.1 has a Host header".to_owned()))
            }
            named => Ok(named.cloned()),
        };
    };
    let host = Authority::try_from(host.as_bytes()).map_err(|_| unclear())?;
    let has_port = host.as_str().len() > host.host().len() + 1;
    if given.next().is_some() || host.as_str().contains('@') || has_port && host.port_u16().is_none() {
        return Err(unclear());
    }
    Ok(Some(host))
}

/// What another site's page must not have done. Drawing keeps nothing, and deleting takes a token that it cannot know.
fn keeps_something(method: &Method, path: &str) -> bool {
    method == Method::POST && matches!(path, "/share" | "/api/v1/diagrams")
}

/// Whether a page of our own asks, or no page at all. Browsers tell it outright where they trust the connection; else an
/// Origin is compared, whatever its scheme, which a proxy may have taken off.
fn is_own_page(headers: &HeaderMap, host: Option<&Authority>, public_url: Option<&str>) -> bool {
    match headers.get(SEC_FETCH_SITE).map(HeaderValue::as_bytes) {
        Some(b"same-origin" | b"none") => return true,
        Some(_) => return false,
        None => {}
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let origin = origin.to_str().unwrap_or_default();
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    let is_host = || host.is_some_and(|host| authority == Some(host.as_str()));
    let is_public = || public_url.is_some_and(|url| url == origin || url.starts_with(&format!("{origin}/")));
    authority.is_some() && (is_host() || is_public())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_our_own_is_known_by_what_browsers_say() {
        for (site, origin, is_own) in [
            ("same-origin", "null", true),
            ("none", "", true),
            ("cross-site", "", false),
            ("same-site", "http://podwire.example.com", false),
            ("", "", true),
            ("", "http://podwire.example.com", true),
            ("", "https://podwire.example.com", true),
            ("", "https://wires.example.com", true),
            ("", "https://wires.example.co", false),
            ("", "http://podwire.example.com:8080", false),
            ("", "http://evil.example.com", false),
            ("", "null", false),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in [(SEC_FETCH_SITE, site), (header::ORIGIN, origin)] {
                if !value.is_empty() {
                    headers.insert(name, value.parse().unwrap());
                }
            }
            let host = Authority::from_static("podwire.example.com");
            let public = Some("https://wires.example.com");
            assert_eq!(is_own_page(&headers, Some(&host), public), is_own, "{site} {origin}");
        }
    }
}
