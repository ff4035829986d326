//! Looks at programs that never run, through a real runner and the real guest.

mod setup;

use gradien_sandbox::client::Runner;
use gradien_sandbox::syntax::{Kind, LookError, Use, look_job, uses};
use setup::find_runner;

fn look(runner: &mut Runner, source: &str) -> Result<Vec<Use>, LookError> {
    let outcome = runner.run(&look_job(source)).expect("an outcome");
    assert!(outcome.stdout.is_empty() && outcome.stderr.is_empty());
    uses(&outcome)
}

/// Lines at which a rule is broken.
fn broken(runner: &mut Runner, source: &str, rule: &str) -> Vec<u32> {
    let uses = look(runner, source).expect("Python");
    let mut lines: Vec<_> = uses
        .iter()
        .filter(|one| one.is(rule))
        .map(|one| one.line)
        .collect();
    lines.dedup();
    lines
}

#[test]
fn aliases_are_followed() {
    let Some(mut runner) = find_runner() else {
        return;
    };
    for (source, lines) in [
        ("import numpy as np\n\nnp.convolve([1], [2])", vec![3]),
        ("import numpy\nnumpy.convolve", vec![2]),
        ("from numpy import convolve as c\nc(1)", vec![1, 2]),
        ("from numpy import *\nconvolve(1)", vec![2]),
        ("import numpy.lib as l\nl.convolve", vec![2]),
        (
            "import numpy as np\nm = np\ndef f():\n    k = m\n    return k.convolve(1)",
            vec![5],
        ),
        ("import numpy as np\ngetattr(np, 'convolve')", vec![2]),
        (
            "import numpy as np\ngetattr(np, 'con' + 'volve')(1)",
            vec![2],
        ),
        ("import numpy as np\nnp.__dict__['convolve']", vec![2]),
        ("import numpy as np\nvars(np)['convolve']", vec![2]),
        ("__import__('numpy').convolve", vec![1]),
        (
            "import importlib\nimportlib.import_module('numpy').convolve",
            vec![2],
        ),
        ("import sys\nsys.modules['numpy'].convolve", vec![2]),
        (
            "def f():\n    import numpy as q\n    return q.convolve",
            vec![3],
        ),
        (
            "import numpy as np\ndef f(n=np):\n    return n.convolve",
            vec![3],
        ),
        ("import numpy as np\na, b = 1, np\nb.convolve", vec![3]),
        ("import numpy as np\n(n := np).convolve", vec![2]),
        ("import numpy as np\n[g.convolve for g in [np]]", vec![2]),
        (
            "import numpy as np\n@np.convolve\ndef f():\n    pass",
            vec![2],
        ),
        (
            "import numpy as np\ndef f():\n    global m\n    m = np\ndef g():\n    m.convolve",
            vec![6],
        ),
        ("import numpy as ｎｐ\nnp.convolve", vec![2]),
    ] {
        assert_eq!(
            broken(&mut runner, source, "numpy.convolve"),
            lines,
            "{source}"
        );
    }
}

#[test]
fn what_is_not_used_is_not_told() {
    let Some(mut runner) = find_runner() else {
        return;
    };
    for source in [
        "def convolve(a, b):\n    return a\nconvolve(1, 2)",
        "import numpy as np\nnp.dot(1, 2)  # np.convolve would be shorter",
        "'np.convolve'",
        "import numpy as np\ndef f(np):\n    return np.convolve",
        "import numpy as np\nx = np.ones(3)\nx.convolve",
    ] {
        assert_eq!(
            broken(&mut runner, source, "numpy.convolve"),
            [0; 0],
            "{source}"
        );
    }
}

#[test]
fn what_cannot_be_followed_is_told_as_such() {
    let Some(mut runner) = find_runner() else {
        return;
    };
    let source = "import numpy as np\ndef f(x, name):\n    x.sort()\n    return getattr(np, name)";
    let uses = look(&mut runner, source).expect("Python");
    let has = |line, path: &str, kind| {
        uses.contains(&Use {
            line,
            path: path.into(),
            kind,
        })
    };
    assert!(has(3, ".sort", Kind::Call), "{uses:?}");
    assert!(has(4, "numpy.?", Kind::Name), "{uses:?}");
    assert!(has(4, "getattr", Kind::Call), "{uses:?}");
    assert!(has(1, "numpy", Kind::Import), "{uses:?}");
}

#[test]
fn roads_that_hide_a_name_are_told() {
    let Some(mut runner) = find_runner() else {
        return;
    };
    for (source, hides) in [
        (
            "import numpy as np\ndef f(n):\n    return getattr(np, n)",
            true,
        ),
        (
            "import numpy as np\nd = np.__dict__\nd['con' + chr(118)]",
            true,
        ),
        ("import numpy as np\nvars(np).get(chr(99))", true),
        ("eval('np.convolve')", true),
        ("e = exec\ne('1')", true),
        ("import builtins\nbuiltins.exec('1')", true),
        ("__builtins__.eval('1')", true),
        ("import sys\nsys.modules.get('numpy')", true),
        ("import importlib\nimportlib.import_module(chr(110))", true),
        ("from operator import attrgetter as a\na('convolve')", true),
        ("def f(x, n):\n    return getattr(x, n)", true),
        ("import numpy as np\nnp.__getattribute__('convolve')", true),
        (
            "import numpy as np\nnp.dot(1, 2)\nx = [1]\nx.sort()\nx[0]",
            false,
        ),
        ("import math, itertools\nmath.exp(1)", false),
    ] {
        let uses = look(&mut runner, source).expect("Python");
        let found = uses.iter().any(|one| one.hides("numpy.convolve"));
        assert_eq!(found, hides, "{source}: {uses:?}");
    }
}

#[test]
fn constructs_are_told() {
    let Some(mut runner) = find_runner() else {
        return;
    };
    let source = "def f(a, b):\n    for x in a:\n        pass\n    y = [z for z in b]\n    return a @ b, eval('1')";
    for (rule, lines) in [
        ("for", [2]),
        ("comprehension", [4]),
        ("@", [5]),
        ("eval", [5]),
    ] {
        assert_eq!(broken(&mut runner, source, rule), lines, "{rule}");
    }
    assert_eq!(broken(&mut runner, source, "while"), [0; 0]);
}

#[test]
fn sources_never_run() {
    let Some(mut runner) = find_runner() else {
        return;
    };
    // Each would be seen, in an output or in a status, if a line of it were run.
    for source in [
        "print('run')",
        "while True:\n    pass",
        "import os\nos.abort()",
        "# coding: rot13\ncevag(1)",
        "def f(x=print('run')):\n    pass",
        "@print\nclass A(print('run')):\n    pass",
    ] {
        // The text is Unicode already, so a declared encoding changes nothing.
        let _ = look(&mut runner, source).expect("Python");
    }
}

#[test]
fn what_is_not_python_or_too_much_is_an_error() {
    let Some(mut runner) = find_runner() else {
        return;
    };
    let error = look(&mut runner, "x = 1\ndef f(:\n").expect_err("no Python");
    assert!(
        matches!(error, LookError::NotPython { line: 2, .. }),
        "{error}"
    );
    let error = look(&mut runner, "x = '\0'").expect_err("no Python");
    assert!(matches!(error, LookError::NotPython { .. }), "{error}");
    for source in [
        format!("x = {}{}", "(".repeat(100_000), ")".repeat(100_000)),
        format!("x = {}1", "-".repeat(100_000)),
        format!("x = 1{}", " + 1".repeat(50_000)),
        format!("x = y{}", ".a".repeat(50_000)),
    ] {
        let error = look(&mut runner, &source).expect_err("too deep");
        assert!(
            matches!(error, LookError::TooComplex | LookError::NotPython { .. }),
            "{error}"
        );
    }
    assert!(look(&mut runner, "x = 1").is_ok(), "the runner goes on");
}
