//! What is said of a network whose weights, and perhaps whose layers, are a
//! student's.

use crate::architecture::{ArchitectureFault, WeightFault};
use crate::language::Language;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum NetworkFault {
    /// All that is wrong with the file, the first so many in full.
    Weights {
        /// Of the file.
        name: String,
        faults: Vec<WeightFault>,
        /// Further ones that are not listed.
        more: u64,
    },
    /// The student's list of layers.
    Layers {
        what: ArchitectureFault,
    },
    /// The student's list of layers was not handed in.
    LayersMissing,
    /// Layers were handed in where the pack has its own.
    LayersNotAsked,
    /// NaN or infinities come out.
    OutputsNotFinite {
        count: u64,
        total: u64,
    },
    OutOfMemory,
    Deadline {
        limit_ms: u64,
    },
}

impl NetworkFault {
    /// Whether the values of the weights are at fault, not the form of the file.
    pub fn is_of_values(&self) -> bool {
        let of_values = |fault: &WeightFault| {
            matches!(
                fault,
                WeightFault::NotFinite { .. } | WeightFault::Huge { .. }
            )
        };
        match self {
            NetworkFault::Weights { faults, .. } => faults.iter().all(of_values),
            NetworkFault::OutputsNotFinite { .. } => true,
            _ => false,
        }
    }

    pub fn text(&self, language: Language) -> String {
        match language {
            Language::Id => self.id(),
            Language::En => self.en(),
        }
    }

    fn en(&self) -> String {
        match self {
            NetworkFault::Weights { name, faults, more } => {
                let head = match self.is_of_values() {
                    true => "The network cannot compute with the weights of “",
                    false => "The network's weights cannot be taken from “",
                };
                let end = match self.is_of_values() {
                    true => "”:",
                    false => "”. The attempt does not count.",
                };
                let lines = faults.iter().map(|fault| fault.text(Language::En));
                format!("{head}{name}{end}{}", super::file::lines(lines, *more, Language::En))
            }
            NetworkFault::Layers { what } => format!(
                "The list of layers cannot be used: {}. The attempt does not count.",
                what.text(Language::En)
            ),
            NetworkFault::LayersMissing => "The list of layers is missing. Write it as TOML, a table `[[layers]]` for each layer. The attempt does not count.".into(),
            NetworkFault::LayersNotAsked => "This problem has its own list of layers: hand in the weights alone. The attempt does not count.".into(),
            NetworkFault::OutputsNotFinite { count, total } => format!(
                "{count} of {total} outputs of the network are NaN or infinite, though its weights are numbers: sums overflow on the way. Did training diverge? Try a smaller learning rate."
            ),
            NetworkFault::OutOfMemory => "The network needs more memory than there is.".into(),
            NetworkFault::Deadline { limit_ms } => format!(
                "The network did not end within {} s, alone on the machine.",
                limit_ms / 1000
            ),
        }
    }

    fn id(&self) -> String {
        match self {
            NetworkFault::Weights { name, faults, more } => {
                let head = match self.is_of_values() {
                    true => "Jaringan tidak dapat menghitung dengan bobot dari “",
                    false => "Bobot jaringan tidak dapat diambil dari “",
                };
                let end = match self.is_of_values() {
                    true => "”:",
                    false => "”. Percobaan ini tidak dihitung.",
                };
                let lines = faults.iter().map(|fault| fault.text(Language::Id));
                format!("{head}{name}{end}{}", super::file::lines(lines, *more, Language::Id))
            }
            NetworkFault::Layers { what } => format!(
                "Daftar lapisan tidak dapat dipakai: {}. Percobaan ini tidak dihitung.",
                what.text(Language::Id)
            ),
            NetworkFault::LayersMissing => "Daftar lapisan belum ada. Tulis sebagai TOML, satu tabel `[[layers]]` untuk setiap lapisan. Percobaan ini tidak dihitung.".into(),
            NetworkFault::LayersNotAsked => "Soal ini memiliki daftar lapisan sendiri: kirim bobotnya saja. Percobaan ini tidak dihitung.".into(),
            NetworkFault::OutputsNotFinite { count, total } => format!(
                "{count} dari {total} keluaran jaringan bernilai NaN atau tak hingga, padahal bobotnya bilangan: penjumlahan di tengah jalan meluap. Apakah pelatihan divergen? Coba learning rate yang lebih kecil."
            ),
            NetworkFault::OutOfMemory => "Jaringan ini membutuhkan memori lebih dari yang tersedia.".into(),
            NetworkFault::Deadline { limit_ms } => format!(
                "Jaringan ini tidak selesai dalam {} detik, sendirian di mesin.",
                limit_ms / 1000
            ),
        }
    }
}
