//! A student who speaks HTTP: cookies as a browser keeps them, forms as a
//! browser sends them, verdicts from the event stream.

use anyhow::{Context, Result, bail, ensure};
use gradien_problems::protocol::Submission;
use reqwest::header::{ACCEPT, CONTENT_TYPE, LOCATION, ORIGIN, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, redirect};
use serde_json::Value;
use std::time::{Duration, Instant};

pub const PASSWORD: &str = "gradien turun perlahan";

/// Beyond the worst case of a judgement, with others before it in the queue.
const JUDGED_WITHIN: Duration = Duration::from_secs(180);

pub struct Student {
    http: Client,
    base: String,
}

/// What the server acknowledged.
#[derive(Debug, Clone)]
pub struct Acknowledged {
    pub id: String,
    /// When the form that was taken was sent; waiting for a rate limit lies before.
    pub sent_at: Instant,
    pub body: Value,
}

/// A verdict as the live page is told it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    pub verdict: String,
    pub score: String,
    pub max_score: String,
    /// The HTML that the page shows.
    pub html: String,
}

/// One server-sent event.
#[derive(Debug, Clone)]
pub struct Event {
    pub name: String,
    pub data: Value,
}

impl Student {
    /// Somebody without an account, at the server of this address.
    pub fn new(base: &str) -> Result<Student> {
        let http = Client::builder()
            .cookie_store(true)
            .no_proxy()
            .redirect(redirect::Policy::none())
            .build()?;
        Ok(Student {
            http,
            base: base.to_owned(),
        })
    }

    /// Somebody who has just signed up.
    pub async fn sign_up(base: &str, username: &str) -> Result<Student> {
        let student = Student::new(base)?;
        let fields = [
            ("username", username),
            ("display_name", "Siti Rahma"),
            ("password", PASSWORD),
            ("next", "/"),
        ];
        let answer = student.send_form("/sign-up", "/sign-up", &fields).await?;
        expect_redirect(answer).await?;
        Ok(student)
    }

    pub async fn sign_in(&self, username: &str, password: &str) -> Result<Response> {
        let fields = [
            ("username", username),
            ("password", password),
            ("next", "/"),
        ];
        self.send_form("/sign-in", "/sign-in", &fields).await
    }

    pub async fn sign_out(&self) -> Result<()> {
        let answer = self.send_form("/", "/sign-out", &[]).await?;
        expect_redirect(answer).await?;
        Ok(())
    }

    pub async fn get(&self, path: &str) -> Result<Response> {
        Ok(self.http.get(self.url(path)).send().await?)
    }

    /// The text of a page that must be there.
    pub async fn page(&self, path: &str) -> Result<String> {
        let answer = self.get(path).await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status.is_success(), "{path}: {status}\n{text}");
        Ok(text)
    }

    /// The token that the page carries in its head.
    pub async fn csrf(&self, page: &str) -> Result<String> {
        let html = self.page(page).await?;
        let (_, rest) = html
            .split_once("<meta name=\"csrf\" content=\"")
            .with_context(|| format!("{page} has no CSRF token"))?;
        let (token, _) = rest.split_once('"').context("an unfinished attribute")?;
        ensure!(!token.is_empty(), "{page}: the CSRF token is empty");
        Ok(token.to_owned())
    }

    /// Opens `page`, takes its token and sends a form as a browser would.
    pub async fn send_form(
        &self,
        page: &str,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Result<Response> {
        let csrf = self.csrf(page).await?;
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.post(action, &all, false).await
    }

    /// A form with these fields and no others; `json` asks for the answer that
    /// scripts get.
    pub async fn post(
        &self,
        action: &str,
        fields: &[(&str, &str)],
        json: bool,
    ) -> Result<Response> {
        let mut request = self
            .http
            .post(self.url(action))
            .header(ORIGIN, &self.base)
            .header("Sec-Fetch-Site", "same-origin")
            .form(fields);
        if json {
            request = request.header(ACCEPT, "application/json");
        }
        Ok(request.send().await?)
    }

    /// A form with a file, as a browser sends it: these fields, then the file.
    pub async fn post_file(
        &self,
        action: &str,
        fields: &[(&str, &str)],
        file_name: &str,
        bytes: &[u8],
    ) -> Result<Response> {
        const BOUNDARY: &str = "----------------batas7f3a9c";
        let mut body = Vec::new();
        for (name, value) in fields {
            let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"");
            body.extend_from_slice(format!("{head}\r\n\r\n{value}\r\n").as_bytes());
        }
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; \
             filename=\"{file_name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let request = self
            .http
            .post(self.url(action))
            .header(ORIGIN, &self.base)
            .header("Sec-Fetch-Site", "same-origin")
            .header(
                CONTENT_TYPE,
                format!("multipart/form-data; boundary={BOUNDARY}"),
            );
        Ok(request.body(body).send().await?)
    }

    /// As [`Student::post`] for scripts, from another place: with this header
    /// alone to say which.
    pub async fn post_from(
        &self,
        action: &str,
        fields: &[(&str, &str)],
        header: &str,
        value: &str,
    ) -> Result<Response> {
        let request = self
            .http
            .post(self.url(action))
            .header(ACCEPT, "application/json")
            .header(header, value);
        Ok(request.form(fields).send().await?)
    }

    /// Submits as the page's script does. Where the server asks for patience
    /// (429), waits as long as it says.
    pub async fn submit(&self, slug: &str, submission: &Submission) -> Result<Acknowledged> {
        let csrf = self.csrf(&format!("/problems/{slug}")).await?;
        self.submit_with(slug, submission, &csrf).await
    }

    /// As [`Student::submit`], with a token already at hand.
    pub async fn submit_with(
        &self,
        slug: &str,
        submission: &Submission,
        csrf: &str,
    ) -> Result<Acknowledged> {
        let mut fields = form_fields(submission);
        fields.push(("csrf".into(), csrf.into()));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (&**k, &**v)).collect();
        loop {
            let path = format!("/problems/{slug}/submit");
            let sent_at = Instant::now();
            let answer = self.post(&path, &fields, true).await?;
            let status = answer.status();
            if status == StatusCode::TOO_MANY_REQUESTS {
                tokio::time::sleep(retry_after(&answer)).await;
                continue;
            }
            let text = answer.text().await?;
            ensure!(status == StatusCode::CREATED, "{path}: {status}\n{text}");
            let body: Value = serde_json::from_str(&text)?;
            let id = text_of(&body, "submission")?;
            return Ok(Acknowledged { id, sent_at, body });
        }
    }

    pub async fn put_draft(&self, slug: &str, body: &Value) -> Result<Response> {
        self.send_json("PUT", &format!("/problems/{slug}/draft"), slug, body)
            .await
    }

    pub async fn run(&self, slug: &str, body: &Value) -> Result<Response> {
        self.send_json("POST", &format!("/problems/{slug}/run"), slug, body)
            .await
    }

    async fn send_json(
        &self,
        method: &str,
        path: &str,
        slug: &str,
        body: &Value,
    ) -> Result<Response> {
        let csrf = self.csrf(&format!("/problems/{slug}")).await?;
        let request = self
            .http
            .request(method.parse()?, self.url(path))
            .header(ORIGIN, &self.base)
            .header("Sec-Fetch-Site", "same-origin")
            .header("X-CSRF-Token", csrf)
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/json")
            .body(body.to_string());
        Ok(request.send().await?)
    }

    /// Follows a submission's events until it is judged.
    pub async fn wait_judged(&self, id: &str) -> Result<Judged> {
        self.follow(id, |_| {}).await
    }

    /// As [`Student::wait_judged`], handing every event over as it comes.
    pub async fn follow(&self, id: &str, mut seen: impl FnMut(&Event)) -> Result<Judged> {
        let started = Instant::now();
        let mut failure = String::from("never connected");
        while started.elapsed() < JUDGED_WITHIN {
            let left = JUDGED_WITHIN.saturating_sub(started.elapsed());
            match tokio::time::timeout(left, self.follow_once(id, &mut seen)).await {
                Ok(Ok(Some(judged))) => return Ok(judged),
                Ok(Ok(None)) => failure = "the stream ended".into(),
                Ok(Err(error)) => failure = format!("{error:#}"),
                Err(_) => break,
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("submission {id} is not judged after {JUDGED_WITHIN:?} ({failure})")
    }

    /// One connection to the stream; `None` if it ended without a verdict.
    async fn follow_once(&self, id: &str, seen: &mut impl FnMut(&Event)) -> Result<Option<Judged>> {
        let mut answer = self.get(&format!("/submissions/{id}/events")).await?;
        ensure!(answer.status().is_success(), "{}", answer.status());
        let mut buffer = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            buffer.extend_from_slice(&chunk);
            while let Some(end) = find(&buffer, b"\n\n") {
                let block: Vec<u8> = buffer.drain(..end + 2).collect();
                let Some(event) = parse_event(&String::from_utf8(block)?)? else {
                    continue;
                };
                seen(&event);
                if event.name == "judged" {
                    return Ok(Some(Judged {
                        verdict: text_of(&event.data, "verdict")?,
                        score: text_of(&event.data, "score")?,
                        max_score: text_of(&event.data, "max_score")?,
                        html: text_of(&event.data, "html")?,
                    }));
                }
            }
        }
        Ok(None)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

/// The fields of the problem's form: `source`, or one `FIELD.CELL` per cell.
pub fn form_fields(submission: &Submission) -> Vec<(String, String)> {
    match submission {
        Submission::Function { source } => vec![("source".into(), source.clone())],
        // A file is no field.
        Submission::Prediction { .. } | Submission::Notebook { .. } | Submission::Model { .. } => {
            Vec::new()
        }
        Submission::Answer { fields, variant } => fields
            .iter()
            .flat_map(|(name, cells)| {
                cells
                    .iter()
                    .enumerate()
                    .map(move |(index, cell)| (format!("{name}.{index}"), cell.clone()))
            })
            // The first is what a form without the field is for.
            .chain((*variant > 0).then(|| ("variant".into(), variant.to_string())))
            .collect(),
    }
}

/// Where a redirect leads.
pub async fn expect_redirect(answer: Response) -> Result<String> {
    let status = answer.status();
    let location = answer
        .headers()
        .get(LOCATION)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    match location {
        Some(location) if status.is_redirection() => Ok(location),
        _ => bail!("no redirect but {status}\n{}", answer.text().await?),
    }
}

fn retry_after(answer: &Response) -> Duration {
    let seconds = answer
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    Duration::from_secs(seconds.unwrap_or(1).max(1))
}

fn text_of(body: &Value, key: &str) -> Result<String> {
    let text = body.get(key).and_then(Value::as_str);
    Ok(text
        .with_context(|| format!("no “{key}” in {body}"))?
        .to_owned())
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

/// `None` for a block of comments alone.
fn parse_event(block: &str) -> Result<Option<Event>> {
    let (mut name, mut data) = (String::from("message"), Vec::new());
    for line in block.lines() {
        if let Some(value) = line.strip_prefix("event:") {
            name = value.trim().to_owned();
        } else if let Some(value) = line.strip_prefix("data:") {
            data.push(value.strip_prefix(' ').unwrap_or(value));
        }
    }
    if data.is_empty() {
        return Ok(None);
    }
    let data = serde_json::from_str(&data.join("\n"))?;
    Ok(Some(Event { name, data }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn events_are_read_and_comments_passed_over() {
        assert!(parse_event(": still here\n\n").unwrap().is_none());
        let block = "event: judged\nid: 3\ndata: {\"verdict\":\ndata: \"AC\"}\n\n";
        let event = parse_event(block).unwrap().unwrap();
        assert_eq!(event.name, "judged");
        assert_eq!(event.data["verdict"], "AC");
        assert!(parse_event("data: {\n\n").is_err());
    }

    #[test]
    fn cells_are_numbered_within_their_field() {
        let fields = BTreeMap::from([("z1".into(), vec!["0,6".into(), "0,19".into()])]);
        assert_eq!(
            form_fields(&Submission::Answer { fields, variant: 2 }),
            [("z1.0", "0,6"), ("z1.1", "0,19"), ("variant", "2")]
                .map(|(k, v)| (k.into(), v.into()))
        );
    }
}
