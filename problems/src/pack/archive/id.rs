//! In Indonesian.

use super::{
    ArchiveFault, MAX_ARCHIVE_BYTES, MAX_ENTRIES, MAX_ENTRY_BYTES, MAX_RATIO, MAX_TOTAL_BYTES,
    mebibytes,
};
use crate::language::Language;

pub fn text(fault: &ArchiveFault) -> String {
    match fault {
        ArchiveFault::NotAZip => {
            "ini bukan arsip zip; diharapkan folder paket yang dikemas sebagai .zip".into()
        }
        ArchiveFault::Damaged { detail } => {
            format!("arsip rusak atau terpotong ({detail}); kemas dan unggah lagi")
        }
        ArchiveFault::EntryDamaged { entry, detail } => {
            format!("{entry}: tidak dapat dibuka ({detail}); kemas dan unggah lagi arsipnya")
        }
        ArchiveFault::ArchiveTooLarge { bytes } => format!(
            "arsip berukuran {} MiB; paling banyak {} MiB",
            mebibytes(*bytes),
            mebibytes(MAX_ARCHIVE_BYTES)
        ),
        ArchiveFault::TooManyEntries { found } => {
            format!("arsip berisi {found} berkas dan folder; paling banyak {MAX_ENTRIES}")
        }
        ArchiveFault::EntryTooLarge { entry } => format!(
            "{entry}: lebih dari {} MiB setelah dibuka",
            mebibytes(MAX_ENTRY_BYTES)
        ),
        ArchiveFault::TotalTooLarge { entry } => format!(
            "{entry}: dengan berkas ini paket menjadi lebih dari {} MiB setelah dibuka",
            mebibytes(MAX_TOTAL_BYTES)
        ),
        ArchiveFault::Bomb { entry } => format!(
            "{entry}: membesar lebih dari {MAX_RATIO} kali saat dibuka; arsip seperti ini ditolak"
        ),
        ArchiveFault::Overlapping => {
            "beberapa berkas dalam arsip memakai bita yang sama; arsip seperti ini ditolak".into()
        }
        ArchiveFault::Encrypted { entry } => {
            format!("{entry}: terkunci dengan kata sandi; kemas tanpa kata sandi")
        }
        ArchiveFault::Method { entry } => format!(
            "{entry}: dimampatkan dengan cara yang tidak didukung; pakai cara biasa zip (deflate) atau tanpa pemampatan"
        ),
        ArchiveFault::Name { entry, wrong } => {
            format!("{entry}: {}", wrong.text(Language::Id))
        }
        ArchiveFault::Twice { entry: Some(entry) } => {
            format!("{entry}: ada dua kali dalam arsip")
        }
        ArchiveFault::Twice { entry: None } => {
            "dua entri dalam arsip mempunyai nama yang sama; kemas ulang".into()
        }
        ArchiveFault::CaseOnly { entry, other } => format!(
            "{entry}: berbeda dari {other} hanya pada huruf besar dan kecil; sebagian sistem menganggapnya satu berkas, jadi ganti salah satu namanya"
        ),
        ArchiveFault::BelowFile { entry, other } => {
            format!("{entry}: berada di bawah {other}, padahal itu berkas, bukan folder")
        }
        ArchiveFault::Link { entry } => {
            format!("{entry}: adalah tautan simbolis; paket hanya berisi berkas dan folder biasa")
        }
        ArchiveFault::Special { entry } => {
            format!("{entry}: bukan berkas biasa dan bukan folder")
        }
        ArchiveFault::Empty => "arsip kosong".into(),
        ArchiveFault::NoManifest { top } => format!(
            "problem.toml tidak ada, baik di puncak arsip maupun di satu-satunya folder di sana; di puncak ada: {}",
            top.join(", ")
        ),
        ArchiveFault::Slug { name } => format!(
            "“{name}” bukan nama untuk paket; folder dalam arsip, atau jika tidak ada arsipnya sendiri, harus bernama dengan huruf kecil, angka, dan tanda hubung tunggal, misalnya ch5-gru-cell"
        ),
        ArchiveFault::Exists { slug } => {
            format!("{slug}: nama ini sudah ada; yang ada dibiarkan seperti semula")
        }
        ArchiveFault::Pack { detail } => format!("paket tidak dapat dimuat: {detail}"),
        ArchiveFault::TooCostly => {
            "membuka arsip ini memakan terlalu banyak waktu atau memori; arsip seperti ini ditolak"
                .into()
        }
    }
}
