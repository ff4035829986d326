//! The messages in Indonesian.

use super::{
    BadReturn, Container, Message, NumberKind, PrecisionLoss, json, kibibytes, mebibytes,
    of_output, quoted, rule, traceback,
};
use crate::language::Language;
use crate::shown::shape_text;

pub(super) fn text(message: &Message) -> String {
    match message {
        Message::SyntaxError { detail, line, text } => {
            let place = line.map(|line| format!(" pada baris {line}")).unwrap_or_default();
            let source = if text.is_empty() { String::new() } else { format!("\n    {text}") };
            format!("Python tidak dapat membaca program: {detail}{place}.{source}")
        }
        Message::FunctionMissing { function, defined } if defined.is_empty() => format!(
            "Fungsi `{function}` tidak ada, begitu pula fungsi lain. Definisikan dengan `def {function}(…):`."
        ),
        Message::FunctionMissing { function, defined } => format!(
            "Fungsi `{function}` tidak ada. Yang didefinisikan: `{}`. Apakah namanya ditulis seperti yang diminta?",
            defined.join("`, `")
        ),
        Message::Exception { kind, detail, frames } => {
            let detail = if detail.is_empty() { String::new() } else { format!(": {detail}") };
            format!("{kind}{detail}{}", traceback(frames, "baris"))
        }
        Message::OutOfFuel { limit } => format!(
            "Program menjalankan lebih dari {limit} langkah. Adakah perulangan yang tidak berhenti, atau perulangan atas elemen yang dapat dikerjakan NumPy sekaligus?"
        ),
        Message::WallLimit { limit_ms } => format!(
            "Program tidak selesai dalam {} detik waktu nyata, walau dijalankan sendirian.",
            limit_ms / 1000
        ),
        Message::OutOfMemory { limit_bytes } => {
            format!("Program meminta memori lebih dari {} MiB.", mebibytes(*limit_bytes))
        }
        Message::OutputLimit { limit_bytes } => format!(
            "Program mencetak lebih dari {} KiB. Teks yang dicetak tidak dinilai: cetaklah lebih sedikit.",
            kibibytes(*limit_bytes)
        ),
        Message::RulesBroken { places } => rule::indonesian(places),
        Message::NotLookedThrough => {
            "Soal ini melarang beberapa fungsi, dan program terlalu panjang atau terlalu dalam bersarang untuk diperiksa. Perpendeklah.".into()
        }
        Message::Exited => {
            "Program mengakhiri dirinya sendiri, bukan mengembalikan nilai. Hapus `exit()` dan sejenisnya.".into()
        }
        Message::InterpreterCrashed => {
            "Program menjatuhkan penafsir Python itu sendiri. Struktur yang bersarang ribuan tingkat dan larik yang bentuk atau langkahnya (strides) diatur sendiri dapat menyebabkannya.".into()
        }
        Message::ReturnedNothing { function } => format!(
            "`{function}` mengembalikan `None`. Apakah ada cabang yang tidak memiliki `return`?"
        ),
        Message::BadReturn { type_name, reason } => match reason {
            BadReturn::ObjectDtype => format!(
                "Yang dikembalikan adalah array berisi objek Python (`{type_name}`). Apakah semua baris sama panjang? Yang diharapkan array bilangan."
            ),
            BadReturn::UnsupportedType => format!(
                "Yang dikembalikan bertipe `{type_name}`, yang tidak dapat dinilai. Yang dapat dinilai: bilangan, array bilangan, teks, serta list, tuple, dan dictionary biasa (dengan teks sebagai kunci)."
            ),
            BadReturn::TooLarge => "Nilai yang dikembalikan terlalu besar.".into(),
            BadReturn::Malformed => format!(
                "Nilai bertipe `{type_name}` yang dikembalikan tidak dapat dibaca sebagai bilangan."
            ),
        },
        Message::WrongJson { place, fault } => json::indonesian(place, fault),
        Message::WrongContainer { expected, got } => {
            format!("Diharapkan {}, tetapi diperoleh {}.", container(*expected), container(*got))
        }
        Message::WrongShape { output, expected, got } => format!(
            "{}ukurannya {}, seharusnya {}.",
            of_output(output),
            shape_text(got),
            shape_text(expected)
        ),
        Message::WrongKind { output, expected, got } => {
            let expected = match expected {
                NumberKind::Float => "bilangan pecahan (float)",
                NumberKind::Integer => "bilangan bulat",
                NumberKind::Boolean => "boolean",
            };
            format!("{}dtype-nya {got}, seharusnya {expected}.", of_output(output))
        }
        Message::NotFinite { output, place, value } => format!(
            "{}nilai pada {place} adalah {value}. Adakah pembagian dengan nol, atau eksponensial yang terlalu besar?",
            of_output(output)
        ),
        Message::WrongValues { output, wrong, total, place, got, expected } => format!(
            "{}{wrong} dari {total} nilai salah; yang terjauh pada {place}: diperoleh {got}, seharusnya {expected}.",
            of_output(output)
        ),
        Message::LessPrecise { output, wrong, total, place, got, expected, tolerance, cause } => format!(
            "{}{wrong} dari {total} nilai kurang teliti dari yang diminta ({tolerance}); yang terjauh pada {place}: diperoleh {got}, seharusnya {expected}. {}",
            of_output(output),
            match cause {
                Some(PrecisionLoss::Rounded { decimals }) => format!(
                    "Nilai-nilai itu adalah nilai benar yang dibulatkan ke {decimals} angka di belakang koma: kembalikan tanpa pembulatan."
                ),
                Some(PrecisionLoss::Float32) => "Nilai-nilai itu benar untuk float32: hitunglah dalam float64.".to_owned(),
                None => "Apakah ada yang dibulatkan di tengah jalan, atau dihitung dalam float32?".to_owned(),
            }
        ),
        Message::CellEmpty => "Bagian ini belum diisi.".into(),
        Message::CellNotANumber { typed } => format!(
            "“{typed}” bukan bilangan. Tulislah misalnya `0,647`, `0.647`, `-1,2e-3`, pecahan `3/7`, atau ekspresi seperti `1/(1+exp(-0,6))`."
        ),
        Message::CellThousandsSeparator { typed } => format!(
            "“{typed}” memiliki lebih dari satu pemisah. Tulislah bilangan tanpa pemisah ribuan."
        ),
        Message::CellNotFinite { typed } => format!("“{typed}” bukan bilangan berhingga."),
        Message::CellTooLong => "Isian ini terlalu panjang untuk sebuah bilangan.".into(),
        Message::CellWrong => "Nilai ini salah.".into(),
        Message::CellNotWhole { typed } => {
            format!("“{typed}” bukan bilangan bulat, padahal yang diminta bilangan bulat.")
        }
        Message::CellNotAShape { typed } => format!(
            "“{typed}” bukan ukuran. Tulislah seperti NumPy: `(32, 10)`, dan satu sumbu sebagai `(10,)`."
        ),
        Message::CellNotAnOption { typed } => {
            format!("“{typed}” tidak ada di antara pilihan. Pilihlah salah satu pada formulir.")
        }
        Message::CellWithheld => {
            "Ditampilkan, dan poinnya diberikan, setelah semua yang lain juga benar.".into()
        }
        Message::CellUnknownName { typed, name } => format!(
            "“{typed}” tidak dapat dihitung: `{name}` tidak dikenal di sini. Yang ada: `exp`, `log`, `sqrt`, `tanh`, `sigmoid`, `relu`, `abs`, `sin`, `cos`, `pi`, dan `e`."
        ),
        Message::CellCarried { from } if from.is_empty() => {
            "Benar dari baris-barismu di atas: nilai ini mengikuti jawabanmu sendiri sebelumnya.".into()
        }
        Message::CellCarried { from } => format!(
            "Benar dari {}-mu: nilai ini mengikuti jawabanmu sendiri sebelumnya.",
            quoted(from)
        ),
        Message::CellLessPrecise { decimals } => format!(
            "Hampir: nilai ini kurang teliti dari yang diminta. Berikan {decimals} angka di belakang koma dan simpan lebih banyak angka pada langkah antara."
        ),
        Message::FieldShape { expected, got } => format!(
            "Isian ini berukuran {}, seharusnya {}.",
            shape_text(got),
            shape_text(expected)
        ),
        Message::InputMissing { input } => {
            format!("Masukanmu belum memberi nilai `{input}`. Beri nilai setiap parameter, misalnya `{input} = …`.")
        }
        Message::VariableMissing { variable } => format!(
            "Notebook ini tidak meninggalkan variabel `{variable}`. Simpan hasilmu di variabel itu."
        ),
        Message::FileFaults { name, faults, more } => format!(
            "{} tidak dapat dibaca sebagaimana diminta. Percobaan ini tidak dihitung.{}",
            format_args!("“{name}”"),
            super::file::list(faults, *more, Language::Id)
        ),
        Message::Network { what } => what.text(Language::Id),
        Message::Flaw { text, .. } | Message::Checked { text } => text.id.clone(),
        Message::JudgeError { incident } => format!(
            "Terjadi kesalahan di pihak kami, bukan pada kirimanmu. Percobaan ini tidak dihitung; pengelola sudah diberi tahu (insiden {incident})."
        ),
    }
}

fn container(container: Container) -> String {
    match container {
        Container::Single => "satu nilai".into(),
        Container::Tuple { length } => format!("tuple berisi {length} nilai"),
        Container::Dict { length } => format!("kamus dengan {length} isian"),
    }
}
