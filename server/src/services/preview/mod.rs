//! What `gradien pack preview` shows: one pack, as it lies in its folder now.
//!
//! Theory of operation. The folder is looked at some times a second
//! ([`watch`](Preview::watch)); when it has changed and rests, the pack is installed
//! anew, as any pack is, so that the page and the grader are those that students
//! get. A pack that does not load leaves the last one that did, beside what is wrong.
//! Every change gets a number. A page carries the number that it was made with, and a
//! script loads it anew when the stream of events says another.
//!
//! None of this is there in `gradien serve`: its `Services::preview` is `None`.

mod folder;

use super::accounts::{Role, SignUp, User};
use super::problems::PackState;
use super::secrets::{random_token, token_hash};
use super::{Result, Services};
use folder::Snapshot;
use gradien_problems::pack::Pack;
use gradien_problems::texts::list_faults;
use gradien_problems::{Language, PackHash, PackSlug};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

const LOOK_EVERY: Duration = Duration::from_millis(300);
const USERNAME: &str = "preview";

#[derive(Clone)]
pub struct Preview {
    inner: Arc<Inner>,
}

struct Inner {
    folder: PathBuf,
    user: User,
    /// Hash of the link's token; gone once it was used.
    token_hash: Mutex<Option<String>>,
    state: watch::Sender<PreviewState>,
}

/// What there is to see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PreviewState {
    /// Another number: something is to be seen that was not before.
    pub generation: u64,
    pub shown: Shown,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// The problem, once the pack has loaded.
    pub slug: Option<PackSlug>,
    version: Option<PackHash>,
    state: Option<PackState>,
    /// What is wrong with the pack as it lies there, with file and line.
    pub faults: Vec<String>,
}

impl Preview {
    /// A preview of the pack in this folder, with a student who looks at it. Gives
    /// the token of the link that signs the student in, once.
    ///
    /// # Errors
    /// The account cannot be made. A pack that does not load is no error.
    pub async fn open(
        services: &Services,
        folder: &Path,
        language: Language,
    ) -> Result<(Preview, String)> {
        let form = SignUp {
            username: USERNAME.into(),
            display_name: USERNAME.into(),
            // Nobody needs it: the link signs in.
            password: random_token()?,
            language,
        };
        let user = services.accounts.create(form, Role::Student).await?;
        let token = random_token()?;
        let inner = Inner {
            folder: folder.to_owned(),
            user,
            token_hash: Mutex::new(Some(token_hash(&token))),
            state: watch::Sender::default(),
        };
        let preview = Preview {
            inner: Arc::new(inner),
        };
        Ok((preview, token))
    }

    pub fn folder(&self) -> &Path {
        &self.inner.folder
    }

    pub fn state(&self) -> PreviewState {
        self.inner.state.borrow().clone()
    }

    pub fn subscribe(&self) -> watch::Receiver<PreviewState> {
        self.inner.state.subscribe()
    }

    /// Who is to be signed in, if this is the link's token and it is still good.
    pub fn redeem(&self, token: &str) -> Option<User> {
        let kept = self.inner.token_hash.lock();
        let mut kept = kept.unwrap_or_else(PoisonError::into_inner);
        kept.take_if(|hash| *hash == token_hash(token))?;
        Some(self.inner.user.clone())
    }

    /// Installs the pack now, and anew whenever its folder changes; without end.
    pub async fn watch(self, services: Services) {
        let mut faults = self.install(&services).await;
        let mut last = Snapshot::take(self.folder());
        // An editor writes in several steps: a change is taken in when it rests.
        let mut is_new = false;
        loop {
            self.show(&services, &faults);
            tokio::time::sleep(LOOK_EVERY).await;
            let now = Snapshot::take(self.folder());
            if now != last {
                last = now;
                is_new = true;
            } else if is_new {
                is_new = false;
                faults = self.install(&services).await;
            }
        }
    }

    /// Installs the pack if it loads; gives what is wrong with it.
    async fn install(&self, services: &Services) -> Vec<String> {
        let pack = match Pack::load(self.folder()) {
            Ok(pack) => pack,
            Err(error) => return vec![chain(&error)],
        };
        match services.problems.install_folder(self.folder()).await {
            Ok(_) => statement_faults(&pack),
            Err(error) => vec![chain(&error)],
        }
    }

    fn show(&self, services: &Services, faults: &[String]) {
        // An empty data folder holds this one problem.
        let view = services.problems.list(None).pop();
        let mut shown = Shown {
            faults: faults.to_vec(),
            ..Shown::default()
        };
        if let Some(view) = view {
            if view.state == PackState::Failed && shown.faults.is_empty() {
                shown
                    .faults
                    .extend(services.problems.find_failure(&view.pack.hash));
            }
            shown.slug = Some(view.pack.slug.clone());
            shown.version = Some(view.pack.hash.clone());
            shown.state = Some(view.state);
        }
        self.inner.state.send_if_modified(|state| {
            let changed = state.shown != shown;
            if changed {
                state.generation += 1;
                state.shown = shown;
            }
            changed
        });
    }
}

/// Formulas, links and images of the statement that a page cannot show. Other
/// packs are not there in a preview, so links to them are not looked at.
fn statement_faults(pack: &Pack) -> Vec<String> {
    let has_file = |file: &str| pack.folder.join(file).is_file();
    let of_language = |language: Language| {
        // As readers see it; filling adds no line.
        let text = pack.fill(pack.statement.get(language), &[]);
        let faults = list_faults(&text, has_file, |_| true).into_iter();
        faults.map(move |fault| {
            let (line, what) = (fault.line, fault.what.text(Language::En));
            format!("statement/problem.{language}.md:{line}: {what}")
        })
    };
    Language::ALL.into_iter().flat_map(of_language).collect()
}

/// The error and what caused it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests;
