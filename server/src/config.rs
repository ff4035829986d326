//! All settings, read once: from flags, else from `GRADIEN_*` variables, else
//! the defaults that `gradien serve --help` shows. Nothing else reads the
//! environment.

use clap::{Args, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Who may make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SignUpMode {
    /// Anybody, as a student.
    Open,
    /// Nobody but by `gradien user create`.
    Closed,
}

/// Where the data is: what every command needs.
#[derive(Debug, Clone, Args)]
pub struct DataConfig {
    /// Folder of the database, the installed packs and the secrets
    #[arg(
        long,
        global = true,
        env = "GRADIEN_DATA",
        default_value = "data",
        value_name = "FOLDER"
    )]
    pub data: PathBuf,
    /// Address of the database [default: gradien.db in the data folder]
    #[arg(
        long,
        global = true,
        env = "GRADIEN_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    pub database: Option<String>,
}

impl DataConfig {
    pub fn database_url(&self) -> String {
        match &self.database {
            Some(url) => url.clone(),
            None => format!(
                "sqlite://{}?mode=rwc",
                self.data.join("gradien.db").display()
            ),
        }
    }

    /// Uploaded files, each named by its hash.
    pub fn blobs_folder(&self) -> PathBuf {
        self.data.join("blobs")
    }

    /// Where graders keep the expected outputs of pack versions.
    pub fn prepared(&self) -> PathBuf {
        self.data.join("prepared")
    }
}

#[derive(Debug, Clone, Args)]
pub struct Config {
    #[command(flatten)]
    pub data: DataConfig,

    /// Address to listen on
    #[arg(
        long,
        env = "GRADIEN_LISTEN",
        default_value = "127.0.0.1:8080",
        value_name = "ADDRESS"
    )]
    pub listen: SocketAddr,
    /// Address under which people reach the pages; with https, cookies are sent over it alone
    /// [default: http:// and the address listened on]
    #[arg(long, env = "GRADIEN_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// A proxy of yours stands before the server: believe the client address that it names
    #[arg(long, env = "GRADIEN_BEHIND_PROXY")]
    pub behind_proxy: bool,
    /// Who may make an account
    #[arg(long, env = "GRADIEN_SIGN_UP", value_enum, default_value_t = SignUpMode::Open)]
    pub sign_up: SignUpMode,

    /// Folder of packs to install at start; may be given several times
    #[arg(
        long,
        env = "GRADIEN_PACKS",
        value_delimiter = ':',
        value_name = "FOLDER"
    )]
    pub packs: Vec<PathBuf>,
    /// Folder of the built editor
    #[arg(long, env = "GRADIEN_WEB", value_name = "FOLDER")]
    pub web: Option<PathBuf>,
    /// The compiled guest image that runs students' programs
    #[arg(long, env = "GRADIEN_GUEST", value_name = "FILE")]
    pub guest: Option<PathBuf>,
    /// The grader [default: gradien-grader beside this program]
    #[arg(long, env = "GRADIEN_GRADER", value_name = "FILE")]
    pub grader: Option<PathBuf>,

    /// Submissions judged at once [default: one per core, at most 8]
    #[arg(long, env = "GRADIEN_JUDGE_SLOTS", value_name = "N")]
    pub judge_slots: Option<usize>,
    /// Runs (without a verdict) at once
    #[arg(long, env = "GRADIEN_RUN_SLOTS", default_value_t = 1, value_name = "N")]
    pub run_slots: usize,
    /// Runs that may wait for a slot
    #[arg(
        long,
        env = "GRADIEN_RUN_QUEUE",
        default_value_t = 32,
        value_name = "N"
    )]
    pub run_queue: usize,
    /// Seconds after which a judgement is taken from its grader and tried again
    #[arg(
        long,
        env = "GRADIEN_JUDGEMENT_DEADLINE_S",
        default_value_t = 300,
        value_name = "SECONDS"
    )]
    pub judgement_deadline_s: u64,
    /// Seconds after which a run is given up, waiting included
    #[arg(
        long,
        env = "GRADIEN_RUN_DEADLINE_S",
        default_value_t = 60,
        value_name = "SECONDS"
    )]
    pub run_deadline_s: u64,
    /// Seconds after which the preparation of a pack is given up
    #[arg(
        long,
        env = "GRADIEN_PREPARE_DEADLINE_S",
        default_value_t = 900,
        value_name = "SECONDS"
    )]
    pub prepare_deadline_s: u64,
    /// Seconds after which the proof of an uploaded pack is given up
    #[arg(
        long,
        env = "GRADIEN_PROVE_DEADLINE_S",
        default_value_t = 1800,
        value_name = "SECONDS"
    )]
    pub prove_deadline_s: u64,
    /// Seconds without a sign of life after which a worker's judgements go to another
    #[arg(
        long,
        env = "GRADIEN_LEASE_S",
        default_value_t = 30,
        value_name = "SECONDS"
    )]
    pub lease_s: u64,
    /// Seconds that running judgements are given to finish when the server is stopped
    #[arg(
        long,
        env = "GRADIEN_SHUTDOWN_S",
        default_value_t = 5,
        value_name = "SECONDS"
    )]
    pub shutdown_s: u64,
}

impl Config {
    pub fn public_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.listen),
        }
    }

    /// Whether cookies carry `Secure`.
    pub fn https(&self) -> bool {
        self.public_url().starts_with("https://")
    }

    pub fn judge_slots(&self) -> usize {
        self.judge_slots
            .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get().min(8)))
            .max(1)
    }

    pub fn judgement_deadline(&self) -> Duration {
        Duration::from_secs(self.judgement_deadline_s)
    }

    pub fn run_deadline(&self) -> Duration {
        Duration::from_secs(self.run_deadline_s)
    }

    pub fn lease(&self) -> Duration {
        Duration::from_secs(self.lease_s.max(1))
    }

    /// The grader to start: the one that was named, else the one beside us.
    pub fn grader_path(&self) -> PathBuf {
        self.grader
            .clone()
            .unwrap_or_else(|| sibling("gradien-grader"))
    }
}

/// The program of this name in this program's own folder.
pub fn sibling(name: &str) -> PathBuf {
    std::env::current_exe()
        .ok()
        .and_then(|path| path.parent().map(|folder| folder.join(name)))
        .unwrap_or_else(|| PathBuf::from(name))
}

#[cfg(test)]
mod tests {
    use super::Config;
    use clap::{CommandFactory, FromArgMatches, Parser};
    use std::path::PathBuf;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        config: Config,
    }

    fn parse(flags: &[&str]) -> Config {
        let flags = std::iter::once("gradien").chain(flags.iter().copied());
        let matches = Cli::command().get_matches_from(flags);
        Cli::from_arg_matches(&matches).unwrap().config
    }

    #[test]
    fn the_defaults_serve_a_camp_on_one_machine() {
        let config = parse(&[]);
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.data.data, PathBuf::from("data"));
        assert_eq!(
            config.data.database_url(),
            "sqlite://data/gradien.db?mode=rwc"
        );
        assert_eq!(config.public_url(), "http://127.0.0.1:8080");
        assert!(!config.https());
        assert!((1..=8).contains(&config.judge_slots()));
    }

    #[test]
    fn an_https_address_makes_cookies_secure() {
        let config = parse(&["--public-url", "https://latihan.example/"]);
        assert!(config.https());
        assert_eq!(config.public_url(), "https://latihan.example");
    }
}
