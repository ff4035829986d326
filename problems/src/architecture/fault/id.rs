//! In Indonesian.

use super::{Expected, InputForm, Quantity, Wrong, shape};
use crate::architecture::{MAX_LAYERS, MAX_SIZE};

pub fn text(what: &Wrong) -> String {
    match what {
        Wrong::Toml { line, detail } => format!("baris {line} bukan TOML: {detail}"),
        Wrong::NoLayers => "tidak ada lapisan; diharapkan tabel [[layers]]".into(),
        Wrong::TooManyLayers => format!("paling banyak {MAX_LAYERS} lapisan diizinkan"),
        Wrong::UnknownKind { kind, known } => format!(
            "kind “{kind}” tidak dikenal; diharapkan salah satu dari {}",
            known.join(", ")
        ),
        Wrong::KeyMissing { key } => format!("“{key}” belum ada"),
        Wrong::UnknownKey { key, known } => format!(
            "kunci “{key}” tidak dikenal; jenis ini mempunyai {}",
            known.join(", ")
        ),
        Wrong::BadValue { key, expected } => match expected {
            Expected::Text => format!("“{key}” harus berupa teks dalam tanda petik"),
            Expected::Flag => format!("“{key}” harus true atau false"),
            Expected::Integer => format!("“{key}” harus bilangan bulat"),
            Expected::Size { least } => {
                format!("“{key}” harus bilangan bulat dari {least} sampai {MAX_SIZE}")
            }
            Expected::Number { low, high } => {
                format!("“{key}” harus bilangan dari {low} sampai {high}")
            }
            Expected::Window { axes, least } => format!(
                "“{key}” harus bilangan bulat dari {least} sampai {MAX_SIZE}, atau daftar berisi {axes}"
            ),
            Expected::Shape => format!("“{key}” harus daftar berisi 1 sampai 8 panjang"),
            Expected::Axis { axes } => format!(
                "“{key}” harus menunjuk salah satu dari {axes} sumbu setelah batch, dihitung dari 0 atau, dari belakang, dari -1"
            ),
            Expected::OneOf { texts } => {
                format!("“{key}” harus salah satu dari {}", texts.join(", "))
            }
        },
        Wrong::BadName => {
            "nama harus terdiri atas 1 sampai 64 huruf, angka, titik, atau garis bawah, dan bukan “input”"
                .into()
        }
        Wrong::NameTwice { name } => {
            format!("nama “{name}” sudah dipakai lapisan sebelumnya")
        }
        Wrong::NameUnknown { name, known } => format!(
            "tidak ada “{name}” sebelum lapisan ini; diharapkan salah satu dari {}",
            known.join(", ")
        ),
        Wrong::Input { expected, got } => {
            let got = shape(got);
            match expected {
                InputForm::Channels { axes: 1 } => {
                    format!("diharapkan (kanal, panjang), diperoleh {got}")
                }
                InputForm::Channels { .. } => {
                    format!("diharapkan (kanal, tinggi, lebar), diperoleh {got}")
                }
                InputForm::FeaturesOrSignal => {
                    format!("diharapkan (fitur,) atau (kanal, panjang), diperoleh {got}")
                }
                InputForm::Sequence => format!("diharapkan (langkah, fitur), diperoleh {got}"),
                InputForm::Flat => {
                    format!("diharapkan satu sumbu, diperoleh {got}; mungkin kurang flatten")
                }
                InputForm::AtLeastOneAxis => {
                    "diharapkan sedikitnya satu sumbu, diperoleh satu bilangan".into()
                }
                InputForm::AtLeastAxes { axes } => {
                    format!("diharapkan sedikitnya {axes} sumbu, diperoleh {got}")
                }
                InputForm::Ids => format!(
                    "lapisan ini mencari baris menurut bilangan bulat, tetapi masukannya nilai numerik berbentuk {got}"
                ),
                InputForm::Numbers => format!(
                    "masukannya nomor berbentuk {got} yang tidak bermakna sebagai nilai; embedding harus lebih dulu"
                ),
            }
        }
        Wrong::Window { window, padded } => format!(
            "kernel mencakup {window}, padahal sumbu beserta padding hanya {padded}"
        ),
        Wrong::Nothing => "padding tidak menyisakan keluaran".into(),
        Wrong::PoolPadding { most } => {
            format!("padding paling banyak setengah kernel: {most}")
        }
        Wrong::OutputPadding { below } => format!(
            "output_padding harus kurang dari stride atau dilation: kurang dari {below}"
        ),
        Wrong::Groups {
            groups,
            inputs,
            outputs,
        } => format!(
            "groups = {groups} harus membagi habis {inputs} kanal masukan dan {outputs} kanal keluaran"
        ),
        Wrong::Elements { shape: to, length } => {
            format!("{length} elemen tidak mengisi {}", shape(to))
        }
        Wrong::AddShapes { name, theirs, ours } => format!(
            "“{name}” menghasilkan {}, tidak dapat dijumlahkan dengan {}",
            shape(theirs),
            shape(ours)
        ),
        Wrong::TooLarge => "ini lebih besar daripada yang diizinkan soal mana pun".into(),
        Wrong::OverCap {
            quantity,
            found,
            cap,
        } => {
            let what = match quantity {
                Quantity::Parameters => "parameter",
                Quantity::Flops => "operasi titik kambang untuk satu contoh",
                Quantity::ActivationBytes => "byte aktivasi untuk satu contoh",
            };
            format!("jaringan ini mempunyai {found} {what}; paling banyak {cap} diizinkan")
        }
        Wrong::Output { expected, got } => format!(
            "jaringan ini menghasilkan {} untuk satu contoh; soal meminta {}",
            shape(got),
            shape(expected)
        ),
    }
}
