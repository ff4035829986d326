//! The command: many packs, side by side, with bars on a terminal.

use super::{Bench, Surroundings, devices, report, verify};
use crate::GraderError;
use crate::children::{Children, ChildrenConfig};
use crate::prepare::Store;
use crate::reference::Device;
use crate::temporary::temporary_folder;
use gradien_problems::Language;
use gradien_problems::proof::Proof;
use gradien_problems::protocol::Progress;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// What is to be proved, and how it is told.
pub struct VerifyCommand {
    pub folders: Vec<PathBuf>,
    /// Empty: the best that there is.
    pub devices: Vec<Device>,
    /// Packs that are proved at the same time.
    pub jobs: usize,
    pub json: bool,
    pub language: Language,
}

type Proved = Result<Proof, GraderError>;

/// Proves all packs and writes what was found, in the order of the folders. `false`
/// where one is not proved.
///
/// # Errors
/// The first fault of ours; the other packs are proved all the same.
pub fn verify_all(
    command: &VerifyCommand,
    config: &ChildrenConfig,
    out: &mut impl Write,
) -> Result<bool, GraderError> {
    // What is being written must not be believed from an earlier try.
    let folder = temporary_folder()?;
    let store = Store::open(folder.path())?;
    let bars = Bars::new(command.folders.len());
    let next = AtomicUsize::new(0);
    let proofs: Mutex<Vec<Option<Proved>>> = Mutex::new(Vec::new());
    let jobs = command.jobs.clamp(1, command.folders.len().max(1));
    thread::scope(|scope| {
        for _ in 0..jobs {
            // Children live as long as the thread that has started them.
            scope.spawn(|| {
                let mut workplace = Workplace::default();
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(folder) = command.folders.get(index) else {
                        return;
                    };
                    let bar = bars.begin(folder);
                    let proved = workplace.prove(folder, command, config, &store, &bar);
                    bars.end(&bar);
                    let mut proofs = proofs.lock().unwrap_or_else(|broken| broken.into_inner());
                    let missing = (index + 1).saturating_sub(proofs.len());
                    proofs.extend((0..missing).map(|_| None));
                    proofs[index] = Some(proved);
                }
            });
        }
    });
    bars.clear();
    let proofs = proofs
        .into_inner()
        .unwrap_or_else(|broken| broken.into_inner());
    tell(command, proofs.into_iter().flatten(), out)
}

fn tell(
    command: &VerifyCommand,
    proofs: impl Iterator<Item = Proved>,
    out: &mut impl Write,
) -> Result<bool, GraderError> {
    let mut told = Vec::new();
    let mut fault = None;
    for (proof, folder) in proofs.zip(&command.folders) {
        match proof {
            Ok(proof) => told.push(proof),
            Err(error) => {
                tracing::error!(folder = %folder.display(), error = %error.chain(), "a pack could not be proved");
                fault = fault.or(Some(error));
            }
        }
    }
    write(command, &told, out).map_err(|source| GraderError::Store {
        path: "standard output".into(),
        source,
    })?;
    match fault {
        Some(error) => Err(error),
        None => Ok(told.iter().all(Proof::is_proved)),
    }
}

fn write(command: &VerifyCommand, proofs: &[Proof], out: &mut impl Write) -> io::Result<()> {
    if command.json {
        serde_json::to_writer_pretty(&mut *out, proofs)?;
        return writeln!(out);
    }
    for proof in proofs {
        report::write(proof, command.language, out)?;
    }
    let proved = proofs.iter().filter(|proof| proof.is_proved()).count();
    let total = proofs.len();
    match command.language {
        Language::Id => writeln!(out, "{proved} dari {total} paket terbukti"),
        Language::En => writeln!(out, "{proved} of {total} packs proved"),
    }
}

/// The children of one thread, started when the first pack needs them.
#[derive(Default)]
struct Workplace {
    benches: Vec<(Option<Device>, Children)>,
}

impl Workplace {
    fn prove(
        &mut self,
        folder: &Path,
        command: &VerifyCommand,
        config: &ChildrenConfig,
        store: &Store,
        bar: &ProgressBar,
    ) -> Proved {
        if self.benches.is_empty() {
            let devices = match &command.devices[..] {
                [] => vec![None],
                devices => devices.iter().copied().map(Some).collect(),
            };
            for device in devices {
                let mut config = config.clone();
                if device == Some(Device::Cpu) {
                    config.cuda_library = None;
                }
                let children = Children::start(config, store.clone())?;
                self.benches.push((device, children));
            }
        }
        let mut benches: Vec<Bench<'_>> = self
            .benches
            .iter_mut()
            .map(|(device, children)| Bench {
                children,
                device: *device,
            })
            .collect();
        let surroundings = Surroundings {
            beside_others: true,
        };
        verify(folder, &surroundings, &mut benches, &mut |progress| {
            if let Progress::Proving { done, total, what } = progress {
                bar.set_length(total.into());
                bar.set_position(done.into());
                bar.set_message(what);
            }
        })
    }
}

/// One line for each pack that is being proved and one for all; nothing where
/// standard error is no terminal.
struct Bars {
    all: MultiProgress,
    total: ProgressBar,
}

impl Bars {
    fn new(packs: usize) -> Bars {
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        let total = all.add(ProgressBar::new(packs as u64));
        total.set_style(style("{bar:24} {pos}/{len}  {elapsed}"));
        Bars { all, total }
    }

    fn begin(&self, folder: &Path) -> ProgressBar {
        let bar = self.all.insert_before(&self.total, ProgressBar::new(1));
        bar.set_style(style("{bar:24} {prefix}  {wide_msg}"));
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        bar.set_prefix(name.into_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }

    fn end(&self, bar: &ProgressBar) {
        bar.finish_and_clear();
        self.total.inc(1);
    }

    fn clear(&self) {
        self.total.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .unwrap_or_else(|error| unreachable!("a constant template: {error}"))
}

/// The packs below a folder: every folder in it whose name does not begin with a
/// point, in the order of their names.
///
/// # Errors
/// It is no folder, or holds none.
pub fn list_packs(folder: &Path) -> Result<Vec<PathBuf>, GraderError> {
    let error = |source| GraderError::Store {
        path: folder.to_path_buf(),
        source,
    };
    let mut packs = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(error)? {
        let entry = entry.map_err(error)?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if entry.file_type().map_err(error)?.is_dir() && !hidden {
            packs.push(entry.path());
        }
    }
    if packs.is_empty() {
        let nothing = io::Error::new(io::ErrorKind::NotFound, "there is no pack in this folder");
        return Err(error(nothing));
    }
    packs.sort();
    Ok(packs)
}

/// `cpu,cuda` of a command line.
pub fn device(text: &str) -> Result<Device, String> {
    [Device::Cpu, Device::Cuda]
        .into_iter()
        .find(|device| devices::name(*device) == text)
        .ok_or_else(|| format!("“{text}” is no device; expected cpu or cuda"))
}
