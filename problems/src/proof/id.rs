//! Findings in Indonesian.

use super::{Found, Outcome};
use crate::language::Language;
use crate::texts::Part;

pub(super) fn text(found: &Found) -> String {
    match found {
        Found::Unreadable { detail } => format!("paket tidak dapat dibaca: {detail}"),
        Found::NotPrepared { detail } => {
            format!("tidak ada kasus yang dapat dibuat dari paket ini: {detail}")
        }
        Found::StatementEmpty => {
            "teks soal kosong; tulislah soalnya dalam bahasa Indonesia dan bahasa Inggris".into()
        }
        Found::NotTranslated => {
            "teks soal dalam kedua bahasa sama persis; terjemahkanlah".into()
        }
        Found::PartsDiffer { part, id, en } => format!(
            "teks soal berbeda: {id} {} dalam bahasa Indonesia, {en} dalam bahasa Inggris; adakah yang tertinggal?",
            part_name(*part)
        ),
        Found::Text { what } => what.text(Language::Id),
        Found::NoAccepted => {
            "tidak ada contoh yang mendapat nilai penuh; tambahkan ke submissions/accepted, agar terbukti soal ini dapat dikerjakan".into()
        }
        Found::NoWrong => {
            "tidak ada contoh yang salah; tambahkan ke submissions/wrong_answer, agar terbukti kesalahan ditemukan".into()
        }
        Found::Verdict { expected, got, message } => {
            let why = message.as_ref().map(|message| message.text(Language::Id));
            let why = why.map_or_else(String::new, |why| format!(": {why}"));
            format!("harus mendapat {}, tetapi mendapat {}{why}", points(expected), points(got))
        }
        Found::Diagnosis { expected, got } => {
            format!("diagnosisnya harus {}, tetapi menjadi {}", told(expected), told(got))
        }
        Found::NotJudged { detail } => format!("tidak dapat dinilai: {detail}"),
        Found::FuelTight { fuel, limit } => format!(
            "diterima, tetapi memakai {fuel} dari {limit} satuan bahan bakar, lebih dari separuh; naikkan limits.fuel, misalnya dengan `pack calibrate`"
        ),
        Found::MemoryTight { bytes, limit } => format!(
            "diterima, tetapi memakai {} dari {} MiB memori; naikkan limits.memory_mib",
            bytes >> 20,
            limit >> 20
        ),
        Found::NotCalibrated => {
            "limits.fuel tidak berasal dari pengukuran pada guest ini; `gradien pack calibrate` mengukur dan menuliskannya".into()
        }
        Found::MisconceptionSilent => {
            "tidak memberi nilai berhingga untuk satu kasus pun, jadi tidak akan pernah ditemukan; apakah nama dan parameter fungsinya sama dengan yang benar?".into()
        }
        Found::MisconceptionIsRight => {
            "tidak dapat dibedakan dari jawaban benar oleh kasus mana pun; undilah kasus yang membedakannya, atau hapuslah".into()
        }
        Found::MisconceptionsAlike { other } => format!(
            "tidak ada kasus yang membedakannya dari misconceptions/{other}.py; undilah kasus yang membedakan keduanya, atau jadikan satu"
        ),
        Found::MisconceptionShape { detail } => format!("bentuknya lain: {detail}"),
        Found::MisconceptionWithoutExample => {
            "tidak ada contoh yang memilikinya; tambahkan satu ke submissions/expected.toml".into()
        }
        Found::FlawWithoutExample { rule } => format!(
            "tidak ada contoh dengan cacat “{rule}”; tambahkan satu dengan flaw = \"{rule}\" ke submissions/expected.toml"
        ),
        Found::RuleWithoutExample { rule } => format!(
            "tidak ada contoh yang melanggar larangan “{rule}”; tambahkan satu ke submissions/rule_violation, sebab mungkin larangan itu tidak melarang apa pun"
        ),
        Found::ToleranceTooTight { what, excess } => format!(
            "acuan pada {what} meleset {} kali toleransi; longgarkan toleransi, atau hitung dengan urutan yang lebih teliti",
            number(*excess)
        ),
        Found::ToleranceTooWide { what, excess } => format!(
            "{what} salah, tetapi hanya meleset {} kali toleransi; sempitkan toleransi, atau undilah kasus yang lebih membedakan",
            number(*excess)
        ),
        Found::PrecisionFails { what, detail } => {
            format!("acuan gagal pada {what}: {detail}")
        }
        Found::JunkEarns { junk, score } => format!(
            "jawaban yang bukan jawaban ({}) mendapat {score} poin",
            junk.text(Language::Id)
        ),
        Found::JunkUnexplained { junk } => format!(
            "jawaban yang bukan jawaban ({}) ditolak tanpa penjelasan",
            junk.text(Language::Id)
        ),
        Found::JunkAlike { junk, other } => format!(
            "dua jawaban yang bukan jawaban ({} dan {}) mendapat pesan yang sama",
            junk.text(Language::Id),
            other.text(Language::Id)
        ),
        Found::DeviceMissing { device, reason } => {
            format!("{device} diminta, tetapi tidak ada: {reason}")
        }
        Found::DeviceExpectedDiffers { excess } => format!(
            "jawaban benar pada kedua perangkat berbeda {} kali toleransi",
            number(*excess)
        ),
        Found::DeviceVerdictDiffers { device, expected, got } => format!(
            "mendapat {} pada perangkat pertama, tetapi {} pada {device}",
            points(expected),
            points(got)
        ),
    }
}

fn part_name(part: Part) -> &'static str {
    match part {
        Part::Heading => "judul",
        Part::DisplayedFormula => "rumus tersendiri",
        Part::CodeBlock => "blok kode",
        Part::Image => "gambar",
        Part::Table => "tabel",
    }
}

fn points(outcome: &Outcome) -> String {
    format!("{} {}", outcome.verdict, outcome.score)
}

fn told(outcome: &Outcome) -> String {
    outcome.told().unwrap_or_else(|| "kosong".into())
}

fn number(excess: f64) -> String {
    super::excess_text(excess).replace('.', ",")
}
