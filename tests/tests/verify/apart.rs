//! What tells right from wrong: misconceptions, the tolerance, answers that are none.

use crate::{CODE, EXPECTED, MANIFEST, check, fault, warning};
use anyhow::Result;
use gradien_problems::proof::{Found, Junk};
use gradien_tests::proofs::Copy;

#[test]
fn misconceptions_must_be_told_apart() -> Result<()> {
    const TEXTS: &str = "misconceptions/text.toml";
    fn add(copy: &Copy, name: &str, source: &str) -> Result<()> {
        copy.write(&format!("misconceptions/{name}.py"), source)?;
        let text = format!("\n[{name}]\nid = \"Satu.\"\nen = \"One.\"\n");
        copy.append(TEXTS, &text).map(drop)
    }
    check(&[
        fault(
            "equals-right",
            CODE,
            |copy| add(copy, "right_after_all", &copy.read("reference.py")?),
            "misconceptions/right_after_all.py",
            |found| *found == Found::MisconceptionIsRight,
        ),
        fault(
            "equals-another",
            CODE,
            |copy| {
                add(
                    copy,
                    "turned",
                    &copy.read("misconceptions/kernel_flipped.py")?,
                )
            },
            "misconceptions/turned.py",
            |found| matches!(found, Found::MisconceptionsAlike { other } if other.as_str() == "kernel_flipped"),
        ),
        fault(
            "says-nothing",
            CODE,
            |copy| {
                add(
                    copy,
                    "other_name",
                    "def other(I: Tensor, K: Tensor) -> Tensor:\n    return I\n",
                )
            },
            "misconceptions/other_name.py",
            |found| *found == Found::MisconceptionSilent,
        ),
        fault(
            "wrong-shape",
            "ch1-perceptron-trace",
            |copy| {
                let cut = copy.read("misconceptions/bias_kept.py")?;
                let cut = cut.replace("\"steps\": steps,", "\"steps\": steps[1:],");
                add(copy, "a_row", &cut)
            },
            "misconceptions/a_row.py",
            |found| matches!(found, Found::MisconceptionShape { .. }),
        ),
        warning(
            "without-example",
            CODE,
            |copy| {
                add(
                    copy,
                    "negative",
                    "def reference(I: Tensor, K: Tensor) -> Tensor:\n    return -torch.conv2d(I[None, None], K[None, None])[0, 0]\n",
                )
            },
            "misconceptions/negative.py",
            |found| *found == Found::MisconceptionWithoutExample,
        ),
        warning(
            "flaw-without-example",
            "ch3-mango-quality",
            |copy| {
                copy.edit(EXPECTED, "\"wrong_answer/rows_shuffled.csv\" = { verdict = \"WA\", score = 0, flaw = \"shuffled\" }\n", "")?;
                std::fs::remove_file(
                    copy.folder
                        .join("submissions/wrong_answer/rows_shuffled.csv"),
                )?;
                Ok(())
            },
            MANIFEST,
            |found| matches!(found, Found::FlawWithoutExample { rule } if rule == "shuffled"),
        ),
    ])
}

#[test]
fn the_tolerance_must_lie_between_right_and_wrong() -> Result<()> {
    fn tolerance(copy: &Copy, rtol: &str, atol: &str) -> Result<()> {
        copy.edit(
            MANIFEST,
            "rtol = 1e-5\natol = 1e-6",
            &format!("rtol = {rtol}\natol = {atol}"),
        )?;
        Ok(())
    }
    check(&[
        fault(
            "too-tight-for-float32",
            CODE,
            |copy| tolerance(copy, "1e-12", "0.0"),
            MANIFEST,
            |found| matches!(found, Found::ToleranceTooTight { what, excess } if what == "cpu float32" && *excess > 1e3),
        ),
        fault(
            "double-alone",
            CODE,
            |copy| {
                let asked = "    assert I.dtype == torch.float64, \"only double\"\n    # conv2d";
                copy.edit("reference.py", "    # conv2d", asked).map(drop)
            },
            "reference.py:2",
            |found| matches!(found, Found::PrecisionFails { what, detail } if what == "cpu float32" && detail.contains("only double")),
        ),
        warning(
            "too-wide-for-one",
            CODE,
            |copy| {
                let near = "def reference(I: Tensor, K: Tensor) -> Tensor:\n    return torch.conv2d(I[None, None], K[None, None])[0, 0] * (1 + 1.5e-5)\n";
                copy.write("misconceptions/near.py", near)?;
                copy.append(
                    "misconceptions/text.toml",
                    "\n[near]\nid = \"Satu.\"\nen = \"One.\"\n",
                )?;
                tolerance(copy, "1e-5", "0.0")
            },
            MANIFEST,
            |found| matches!(found, Found::ToleranceTooWide { what, .. } if what == "misconceptions/near.py"),
        ),
    ])
}

#[test]
fn answers_that_are_none_get_no_point_and_their_own_words() -> Result<()> {
    check(&[
        // An empty list is the right answer, so one is accepted.
        fault(
            "empty-is-right",
            "ch6-vocabulary",
            |copy| {
                let nothing = "\n\ndef nothing(sentences: List[str]) -> List[int]:\n    \
                    none: List[int] = []\n    return none\n";
                copy.append("reference.py", nothing)?;
                copy.edit(
                    MANIFEST,
                    "reference = \"count_words\"",
                    "reference = \"nothing\"",
                )
                .map(drop)
            },
            "submissions",
            |found| {
                matches!(
                    found,
                    Found::JunkEarns {
                        junk: Junk::Empty,
                        ..
                    }
                )
            },
        ),
        // The pack's checker has no words, and its driver lets nothing else speak.
        fault(
            "checker-without-words",
            CODE,
            judge_in_silence,
            "submissions",
            |found| {
                *found
                    == Found::JunkUnexplained {
                        junk: Junk::Nothing,
                    }
            },
        ),
        // The pack's own code stands in front of the judge's words.
        fault(
            "driver-swallows-words",
            CODE,
            |copy| {
                let driver = "import numpy as np\nimport solution\n\n\n\
                    def strict(I, K):\n    S = solution.conv2d(I, K)\n    \
                    if np.shape(S) != (I.shape[0] - K.shape[0] + 1, I.shape[1] - K.shape[1] + 1):\n        \
                    raise ValueError(\"no\")\n    return S\n";
                copy.write("driver.py", driver)?;
                copy.edit(
                    MANIFEST,
                    "open_cases = 2",
                    "open_cases = 2\ndriver = \"strict\"",
                )
                .map(drop)
            },
            "submissions",
            |found| matches!(found, Found::JunkAlike { .. }),
        ),
    ])
}

fn judge_in_silence(copy: &Copy) -> Result<()> {
    const DRIVER: &str = "import numpy as np
import solution


def calm(I, K):
    S = solution.conv2d(I, K)
    zeros = np.zeros((I.shape[0] - K.shape[0] + 1, I.shape[1] - K.shape[1] + 1))
    try:
        S = np.asarray(S, dtype=float)
    except (TypeError, ValueError):
        return zeros
    return S if S.shape == zeros.shape and np.isfinite(S).all() else zeros
";
    const CHECKER: &str = "def silent(I: Tensor, K: Tensor, S: Tensor) -> Tuple[float, str]:
    if torch.allclose(S, torch.conv2d(I[None, None], K[None, None])[0, 0]):
        return 1.0, \"\"
    return 0.0, \"\"
";
    copy.write("driver.py", DRIVER)?;
    copy.write("checker.py", CHECKER)?;
    copy.edit(
        MANIFEST,
        "kind = \"float\" }",
        "kind = \"float\", shape = [\"m + 1\", \"n + 1\"] }",
    )?;
    for cases in ["open_cases = 2", "open_cases = 1"] {
        let silent = format!("{cases}\ndriver = \"calm\"\ncheck = \"silent\"");
        copy.edit(MANIFEST, cases, &silent)?;
    }
    // Where a checker judges, there are no values to know a misconception by.
    std::fs::remove_dir_all(copy.folder.join("misconceptions"))?;
    let listed = copy.read(EXPECTED)?;
    let lines = listed
        .lines()
        .map(|line| match line.split_once(", misconception") {
            Some((before, _)) => format!("{before} }}\n"),
            None => format!("{line}\n"),
        });
    copy.write(EXPECTED, &lines.collect::<String>()).map(drop)
}
