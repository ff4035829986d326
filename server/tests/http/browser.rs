//! A browser: it keeps cookies, opens a page before it sends a form, and sends the
//! page's token with it.

use crate::site::{App, PASSWORD, Site};
use actix_web::body::{self, BoxBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::{Method, StatusCode, header};
use actix_web::test::TestRequest;
use std::cell::RefCell;
use std::collections::BTreeMap;

pub struct Browser {
    app: App,
    pub cookies: RefCell<BTreeMap<String, String>>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("")
    }

    /// Where it leads; panics if it leads nowhere.
    pub fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.header("location")
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }
}

impl Browser {
    pub fn new(site: &Site) -> Browser {
        Browser {
            app: site.app.clone(),
            cookies: RefCell::default(),
        }
    }

    /// Somebody who is signed in.
    pub async fn signed_in(site: &Site, username: &str) -> Browser {
        let browser = Browser::new(site);
        let fields = [
            ("username", username),
            ("password", PASSWORD),
            ("next", "/"),
        ];
        let answer = browser.send("/sign-in", "/sign-in", &fields).await;
        assert_eq!(answer.location(), "/");
        browser
    }

    /// A new student.
    pub async fn signed_up(site: &Site, username: &str) -> Browser {
        let browser = Browser::new(site);
        let fields = [
            ("username", username),
            ("display_name", "Siti Rahma"),
            ("password", PASSWORD),
            ("next", "/"),
        ];
        let answer = browser.send("/sign-up", "/sign-up", &fields).await;
        assert_eq!(answer.location(), "/");
        browser
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.request(TestRequest::get().uri(path)).await
    }

    pub async fn token(&self, path: &str) -> String {
        let page = self.get(path).await.text;
        let (_, rest) = page
            .split_once("<meta name=\"csrf\" content=\"")
            .unwrap_or_else(|| panic!("{path} has no token:\n{page}"));
        rest.split_once('"').unwrap().0.to_owned()
    }

    /// Opens `page`, then sends the form with its token.
    pub async fn send(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token(page).await;
        let mut all = vec![("csrf", token.as_str())];
        all.extend_from_slice(fields);
        self.post(action, &all).await
    }

    /// A form with these fields and no others.
    pub async fn post(&self, action: &str, fields: &[(&str, &str)]) -> Answer {
        let request = TestRequest::post().uri(action).set_form(fields);
        self.request(request).await
    }

    /// JSON with the token of `page`, as scripts send it.
    pub async fn send_json(
        &self,
        page: &str,
        method: Method,
        path: &str,
        body: &serde_json::Value,
    ) -> Answer {
        let token = self.token(page).await;
        let request = TestRequest::default()
            .method(method)
            .uri(path)
            .insert_header(("x-csrf-token", token))
            .set_json(body);
        self.request(request).await
    }

    pub async fn request(&self, request: TestRequest) -> Answer {
        let answer = self.open(request).await;
        read(answer).await
    }

    /// The answer with its body still unread.
    pub async fn open(&self, mut request: TestRequest) -> ServiceResponse<BoxBody> {
        let cookies: Vec<String> = self
            .cookies
            .borrow()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            request = request.insert_header((header::COOKIE, cookies.join("; ")));
        }
        let answer = self
            .app
            .call(request.to_request())
            .await
            .expect("an answer");
        for cookie in answer.response().cookies() {
            let over = cookie.max_age().is_some_and(|age| age.is_zero());
            let mut jar = self.cookies.borrow_mut();
            match over {
                true => jar.remove(cookie.name()),
                false => jar.insert(cookie.name().to_owned(), cookie.value().to_owned()),
            };
        }
        answer
    }
}

async fn read(answer: ServiceResponse<BoxBody>) -> Answer {
    let (status, headers) = (answer.status(), answer.headers().clone());
    let bytes = body::to_bytes(answer.into_body().boxed())
        .await
        .expect("a body");
    Answer {
        status,
        headers,
        text: String::from_utf8_lossy(&bytes).into_owned(),
    }
}
