//! The whole line over HTTP: account, answer, program, verdict, draft, run.

use anyhow::Result;
use gradien_problems::pack::Pack;
use gradien_problems::protocol::Submission;
use gradien_tests::packs;
use gradien_tests::server::Server;
use gradien_tests::student::{PASSWORD, Student, expect_redirect, form_fields};
use reqwest::StatusCode;
use serde_json::json;

const ANSWER: &str = "ch3-feedforward-hand";
const FUNCTION: &str = "ch5-gru-cell";

fn example<'a>(pack: &'a Pack, path: &str) -> &'a gradien_problems::pack::ExampleSubmission {
    let found = pack.submissions.iter().find(|one| one.path == path);
    found.unwrap_or_else(|| panic!("{}: no example {path}", pack.slug))
}

#[tokio::test]
async fn a_student_solves_problems_and_sees_true_verdicts() -> Result<()> {
    let server = Server::start().await?;
    let student = Student::sign_up(&server.url(), "siti").await?;

    let home = student.page("/").await?;
    for pack in packs::load_all() {
        assert!(home.contains(&pack.title.id), "{} is not listed", pack.slug);
    }

    let mut ids = Vec::new();
    for (slug, path) in [
        (ANSWER, "accepted/decimal_comma.toml"),
        (ANSWER, "wrong_answer/output_not_activated.toml"),
        (ANSWER, "wrong_answer/junk.toml"),
        ("ch5-convolution-hand", "accepted/whole_map.toml"),
        ("ch5-convolution-hand", "wrong_answer/kernel_flipped.toml"),
        (FUNCTION, "accepted/last_axis.py"),
        (FUNCTION, "wrong_answer/reset_as_in_pytorch.py"),
        (FUNCTION, "run_time_error/only_vectors.py"),
        (FUNCTION, "compile_error/colon_missing.py"),
        (FUNCTION, "time_limit_exceeded/infinite_loop.py"),
    ] {
        let pack = packs::load(slug);
        let example = example(&pack, path);
        let sent = student.submit(slug, &example.submission).await?;
        assert_eq!(sent.body["url"], format!("/submissions/{}", sent.id));
        let judged = student.wait_judged(&sent.id).await?;
        let expected = (example.verdict.code(), example.score.to_string());
        assert_eq!(
            (judged.verdict.as_str(), judged.score.clone()),
            expected,
            "{path}: {}",
            judged.html
        );
        assert_eq!(judged.max_score, pack.max_score().to_string());
        // Who connects later is told the same at once.
        assert_eq!(student.wait_judged(&sent.id).await?, judged);
        let page = student.page(&format!("/submissions/{}", sent.id)).await?;
        assert!(page.contains(example.verdict.code()), "{path}");
        ids.push(sent.id);
    }
    let own = student.page("/submissions").await?;
    for id in &ids {
        assert!(own.contains(&format!("data-submission=\"{id}\"")));
    }

    // Nobody else sees them, signed in or not, by any door.
    let other = Student::sign_up(&server.url(), "budi").await?;
    let nobody = Student::new(&server.url())?;
    for id in &ids {
        for path in [
            format!("/submissions/{id}"),
            format!("/submissions/{id}/events"),
        ] {
            assert_eq!(other.get(&path).await?.status(), StatusCode::NOT_FOUND);
            let status = nobody.get(&path).await?.status();
            assert!(
                status.is_redirection() || status.is_client_error(),
                "{status}"
            );
        }
    }
    assert!(
        !other
            .page("/submissions")
            .await?
            .contains("data-submission")
    );
    Ok(())
}

#[tokio::test]
async fn a_session_ends_and_begins_again() -> Result<()> {
    let server = Server::start().await?;
    let student = Student::sign_up(&server.url(), "dewi").await?;
    assert!(student.page("/").await?.contains("Siti Rahma"));
    student.sign_out().await?;
    assert!(!student.page("/").await?.contains("Siti Rahma"));
    let to = expect_redirect(student.get("/submissions").await?).await?;
    assert!(to.starts_with("/sign-in"), "{to}");

    let wrong = student.sign_in("dewi", "bukan sandinya").await?;
    assert!(wrong.status().is_client_error(), "{}", wrong.status());
    let unknown = student.sign_in("tidak-ada", PASSWORD).await?;
    assert_eq!(unknown.status(), wrong.status());
    assert!(!student.page("/").await?.contains("Siti Rahma"));

    expect_redirect(student.sign_in("dewi", PASSWORD).await?).await?;
    assert!(student.page("/").await?.contains("Siti Rahma"));

    // The name is taken, whatever its case.
    let other = Student::new(&server.url())?;
    let fields = [
        ("username", "Dewi"),
        ("display_name", "Lain"),
        ("password", PASSWORD),
        ("next", "/"),
    ];
    let taken = other.send_form("/sign-up", "/sign-up", &fields).await?;
    assert!(taken.status().is_client_error(), "{}", taken.status());
    Ok(())
}

#[tokio::test]
async fn sign_up_can_be_closed() -> Result<()> {
    let server = Server::start_with(&["--sign-up", "closed"]).await?;
    assert!(Student::sign_up(&server.url(), "siti").await.is_err());
    let nobody = Student::new(&server.url())?;
    assert!(!nobody.page("/sign-in").await?.contains("\"/sign-up"));
    Ok(())
}

#[tokio::test]
async fn a_forged_form_changes_nothing() -> Result<()> {
    let server = Server::start().await?;
    let student = Student::sign_up(&server.url(), "agus").await?;
    let submission = Submission::Function {
        source: "def gru_cell(*a): pass\n".into(),
    };
    let action = format!("/problems/{FUNCTION}/submit");
    let fields = form_fields(&submission);
    let source = fields[0].1.as_str();
    for token in [None, Some(""), Some("0".repeat(64).as_str())] {
        let mut fields = vec![("source", source)];
        fields.extend(token.map(|token| ("csrf", token)));
        let answer = student.post(&action, &fields, true).await?;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{token:?}");
    }
    // Another's token is no token.
    let other = Student::sign_up(&server.url(), "rina").await?;
    let theirs = other.csrf("/").await?;
    let answer = student
        .post(&action, &[("source", source), ("csrf", &theirs)], true)
        .await?;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    // Nor does a right one help a page of another origin.
    let right = student.csrf("/").await?;
    for (name, value) in [
        ("Origin", "https://example.net"),
        ("Sec-Fetch-Site", "cross-site"),
    ] {
        let fields = [("source", source), ("csrf", &right)];
        let answer = student.post_from(&action, &fields, name, value).await?;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{name}: {value}");
    }
    assert!(
        !student
            .page("/submissions")
            .await?
            .contains("data-submission")
    );
    // The token itself is good.
    student.submit(FUNCTION, &submission).await?;
    Ok(())
}

#[tokio::test]
async fn a_draft_is_kept_and_a_run_gives_no_verdict() -> Result<()> {
    let server = Server::start().await?;
    let student = Student::sign_up(&server.url(), "tono").await?;
    let source = "# <b>draf</b> & \"kutipan\"\nimport numpy as np\n";
    let draft = json!({"kind": "function", "source": source});
    let answer = student.put_draft(FUNCTION, &draft).await?;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    let page = student.page(&format!("/problems/{FUNCTION}")).await?;
    assert!(page.contains("draf") && !page.contains("<b>draf"), "{page}");
    let draft = json!({"kind": "answer", "fields": {"z1": ["0,612", "", ""]}});
    let answer = student.put_draft(ANSWER, &draft).await?;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    let page = student.page(&format!("/problems/{ANSWER}")).await?;
    assert!(page.contains("value=\"0,612\""), "{page}");

    let pack = packs::load(FUNCTION);
    let Submission::Function { source } = &example(&pack, "accepted/with_prints.py").submission
    else {
        panic!("a function pack's example is a function")
    };
    let on_samples = json!({"source": source, "input": {"kind": "samples"}});
    let answer = student.run(FUNCTION, &on_samples).await?;
    assert_eq!(answer.status(), StatusCode::OK);
    let html = answer.json::<serde_json::Value>().await?["html"].to_string();
    assert!(html.contains("x (2,) h (3,)"), "{html}");

    let own = json!({
        "source": "import numpy as np\ndef gru_cell(x, h, *rest):\n    print('halo')\n    return h + x[0] / 0.25\n",
        "input": {"kind": "own", "code": "\
            x = np.array([1.0])\nh = np.array([0.5, 0.25])\n\
            W_z = W_r = W_h = np.zeros((2, 3))\nb_z = b_r = b_h = np.zeros(2)\n"},
    });
    let answer = student.run(FUNCTION, &own).await?;
    assert_eq!(answer.status(), StatusCode::OK);
    let html = answer.json::<serde_json::Value>().await?["html"].to_string();
    assert!(
        html.contains("halo") && html.contains("float64 (2,)"),
        "{html}"
    );

    let fails = json!({
        "source": "def gru_cell(*arguments):\n    return arguments[17]\n",
        "input": {"kind": "samples"},
    });
    let answer = student.run(FUNCTION, &fails).await?;
    let html = answer.json::<serde_json::Value>().await?["html"].to_string();
    assert!(html.contains("IndexError") && html.contains('2'), "{html}");
    assert!(
        !student
            .page("/submissions")
            .await?
            .contains("data-submission")
    );
    Ok(())
}

#[tokio::test]
async fn pages_speak_both_languages_and_say_what_is_missing() -> Result<()> {
    let server = Server::start().await?;
    let visitor = Student::new(&server.url())?;
    let home = visitor.page("/").await?;
    assert!(home.contains("<html lang=\"id\""));
    let english = visitor.page("/?lang=en").await?;
    assert!(english.contains("<html lang=\"en\""));
    for pack in packs::load_all() {
        assert!(home.contains(&pack.title.id) && english.contains(&pack.title.en));
        let path = format!("/problems/{}", pack.slug);
        let page = visitor.page(&format!("{path}?lang=id")).await?;
        assert!(page.contains("<math") && page.contains(&pack.title.id));
        let page = visitor.page(&format!("{path}?lang=en")).await?;
        assert!(page.contains("<math") && page.contains(&pack.title.en));
        assert!(!page.contains('$'), "{path} shows LaTeX");
    }
    for path in [
        "/problems/no-such-problem",
        "/submissions/0000000000",
        "/nowhere",
        "/static/nothing.css",
        "/problems/..%2f..%2fetc%2fpasswd",
    ] {
        let status = visitor.get(path).await?.status();
        assert!(
            status == StatusCode::NOT_FOUND || status.is_redirection(),
            "{path}: {status}"
        );
    }
    let headers = visitor.get("/").await?.headers().clone();
    let policy = headers["content-security-policy"].to_str()?;
    assert!(!policy.contains("unsafe-inline"), "{policy}");
    Ok(())
}
