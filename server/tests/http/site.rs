//! A server of its own for one test, in a folder that goes away with it.

use actix_web::Error;
use actix_web::body::BoxBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::test;
use clap::{CommandFactory, FromArgMatches, Parser};
use gradien::config::Config;
use gradien::pages::serve::{Shared, app};
use gradien::services::Services;
use gradien::services::accounts::{Role, SignUp};
use gradien::services::clock::Clock;
use gradien::services::judgements::Worker;
use gradien_problems::report::{Provenance, Report, SubtaskReport};
use gradien_problems::{Language, Pack, Verdict};
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

pub const PASSWORD: &str = "kuda lumping menari";
pub const ANSWER: &str = "ch5-convolution-hand";
pub const FUNCTION: &str = "ch5-gru-cell";

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    config: Config,
}

/// What tests send requests to.
pub type App = Rc<
    dyn Service<
            actix_http::Request,
            Response = ServiceResponse<BoxBody>,
            Error = Error,
            Future = std::pin::Pin<
                Box<dyn Future<Output = Result<ServiceResponse<BoxBody>, Error>>>,
            >,
        >,
>;

pub struct Site {
    pub services: Services,
    pub app: App,
    _data: tempfile::TempDir,
}

impl Site {
    pub async fn open() -> Site {
        Site::open_with(&[]).await
    }

    /// With settings as on the command line.
    pub async fn open_with(flags: &[&str]) -> Site {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().to_str().unwrap().to_owned();
        let mut all = vec!["gradien", "--data", &folder];
        all.extend_from_slice(flags);
        let matches = Cli::command().get_matches_from(all);
        let config = Cli::from_arg_matches(&matches).unwrap().config;
        let services = Services::open_at(config, Clock::system()).await.unwrap();
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../problems/packs");
        services.problems.install_folder(&packs).await.unwrap();
        let shared = Shared::new(services.clone()).unwrap();
        let app = test::init_service(app(&shared)).await;
        let app = Rc::new(Boxed(Rc::new(app)));
        Site {
            services,
            app,
            _data: data,
        }
    }

    pub async fn create(&self, username: &str, role: Role) {
        let form = SignUp {
            username: username.to_owned(),
            display_name: format!("Nama {username}"),
            password: PASSWORD.to_owned(),
            language: Language::Id,
        };
        self.services.accounts.create(form, role).await.unwrap();
    }

    /// Judges the oldest submission that waits, as a worker would, with the report
    /// that `make` gives.
    pub async fn judge(&self, make: impl FnOnce(&Pack) -> Report) {
        let worker = Worker::embedded();
        let lasts = Duration::from_secs(60);
        let leased = self
            .services
            .judgements
            .lease(&worker, lasts)
            .await
            .unwrap();
        let leased = leased.expect("a submission waits");
        let slug = leased.slug.clone();
        let pack = self
            .services
            .problems
            .version(&leased.pack.hash, &slug)
            .unwrap();
        self.services
            .judgements
            .record(&leased, &make(&pack))
            .await
            .unwrap();
    }
}

/// A report with this verdict for the whole and every part, and no points but for AC.
pub fn report(pack: &Pack, verdict: Verdict) -> Report {
    let max_score = pack.max_score();
    let got = |max: gradien_problems::Score| match verdict {
        Verdict::Accepted => max,
        _ => Default::default(),
    };
    Report {
        score: got(max_score),
        subtasks: pack
            .parts()
            .map(|(name, _)| SubtaskReport {
                name: name.parse().unwrap(),
                verdict,
                score: got(max_score),
                max_score,
                cases: Vec::new(),
                cells: Vec::new(),
            })
            .collect(),
        ..Report::bare(
            verdict,
            max_score,
            Provenance::not_run(pack.hash.clone(), "cpu"),
        )
    }
}

/// The app behind one type, whatever its middleware makes of it.
struct Boxed<S>(Rc<S>);

impl<S> Service<actix_http::Request> for Boxed<S>
where
    S: Service<actix_http::Request, Response = ServiceResponse<BoxBody>, Error = Error> + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<ServiceResponse<BoxBody>, Error>>>>;

    fn poll_ready(
        &self,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), Error>> {
        self.0.poll_ready(context)
    }

    fn call(&self, request: actix_http::Request) -> Self::Future {
        Box::pin(self.0.call(request))
    }
}
