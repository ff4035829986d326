//! Texts that are wrong, one way each: the kind of the fault, its line and the
//! heart of its reason.

mod setup;

use gradien_grader::reference::{Device, Evaluation, FaultKind};
use gradien_problems::Language;
use setup::{DEADLINE, call_one, evaluation, file, find_floats, start, x};

/// Every row is a text that does not compile or must not, the kind of its fault,
/// its line, and a part of the reason.
#[test]
fn bad_texts_are_refused_with_their_place() {
    let rows: &[(&str, FaultKind, u32, &str)] = &[
        (
            "def f(x):\n    return (x\n\ndef g(x):\n    return x\n",
            FaultKind::Compile,
            4,
            "expected",
        ),
        (
            "def f(x):\n    return y\n",
            FaultKind::Compile,
            2,
            "undefined value y",
        ),
        (
            "def f(x):\n    return torch.sigmoyd(x)\n",
            FaultKind::Compile,
            2,
            "Unknown builtin op: aten::sigmoyd",
        ),
        (
            "def f(x):\n    return F.nothing(x)\n",
            FaultKind::Compile,
            2,
            "aten::nothing",
        ),
        (
            "def f(x):\n    return torch.nn.Linear(1, 1)(x)\n",
            FaultKind::Compile,
            2,
            "torch.nn.functional only",
        ),
        (
            "import os\ndef f(x):\n    return x\n",
            FaultKind::Compile,
            1,
            "expected def",
        ),
        (
            "LIMIT = 3\ndef f(x):\n    return x\n",
            FaultKind::Compile,
            1,
            "expected def",
        ),
        (
            "class A:\n    pass\n",
            FaultKind::Compile,
            1,
            "expected def",
        ),
        (
            "def f(x):\n    return g(x)\ndef g(x):\n    return f(x)\n",
            FaultKind::Compile,
            4,
            "recursive",
        ),
        (
            "def f(x):\n    return x\n\ndef f(x):\n    return x\n",
            FaultKind::Compile,
            4,
            "already defined in reference.py, line 1",
        ),
        (
            "def f(x) -> int:\n    return 'a'\n",
            FaultKind::Compile,
            2,
            "is actually of type str",
        ),
        (
            "def f(x, n: int = len([1, 2])):\n    return x\n",
            FaultKind::Compile,
            1,
            "must be a literal",
        ),
        (
            "def f(x):\n    print(x)\n    return x\n",
            FaultKind::ForbiddenOperator,
            2,
            "'Print'",
        ),
        (
            "def f(x):\n    torch.save(x, '/tmp/stolen')\n    return x\n",
            FaultKind::ForbiddenOperator,
            2,
            "'save'",
        ),
        (
            "def f(x):\n    return torch.from_file('/etc/passwd', False, 8, dtype=torch.uint8)\n",
            FaultKind::ForbiddenOperator,
            2,
            "'from_file'",
        ),
        (
            "def f(x):\n    return torch.rand([2])\n",
            FaultKind::ForbiddenOperator,
            2,
            "'rand'",
        ),
        (
            "def f(x):\n    return x.normal_()\n",
            FaultKind::ForbiddenOperator,
            2,
            "'normal_'",
        ),
        (
            "def f(x):\n    return F.dropout(x, 0.5, True)\n",
            FaultKind::ForbiddenOperator,
            2,
            "'dropout'",
        ),
        (
            "def f(x):\n    return torch.empty([1000])\n",
            FaultKind::ForbiddenOperator,
            2,
            "'empty'",
        ),
        (
            "def f(x):\n    return x.as_strided([9], [1], 100)\n",
            FaultKind::ForbiddenOperator,
            2,
            "'as_strided'",
        ),
        (
            "def f(x):\n    return x.cuda()\n",
            FaultKind::ForbiddenOperator,
            2,
            "'cuda'",
        ),
        (
            "def f(x):\n    torch.manual_seed(1)\n    return x\n",
            FaultKind::ForbiddenOperator,
            2,
            "'manual_seed'",
        ),
        // Below a branch below a loop, two calls deep.
        (
            "def f(x):\n    for i in range(3):\n        if i > 1:\n            x = g(x)\n    return x\n\ndef g(x):\n    return h(x)\n\ndef h(x):\n    return torch.randn([3])\n",
            FaultKind::ForbiddenOperator,
            11,
            "'randn'",
        ),
    ];
    let mut reference = start();
    let mut wrong = Vec::new();
    for (text, kind, line, part) in rows {
        let compiled = reference.compile("bad", vec![file("reference.py", text)], DEADLINE);
        let fault = match compiled {
            Ok(_) => {
                wrong.push(format!("{text}\ncompiled"));
                continue;
            }
            Err(error) => error
                .find_fault()
                .unwrap_or_else(|| panic!("{text}\n{error}"))
                .clone(),
        };
        let place = fault.place();
        let is_right = fault.kind == *kind
            && place.as_deref() == Some(&*format!("reference.py:{line}"))
            && fault.reason.contains(part)
            && Language::ALL
                .iter()
                .all(|&language| fault.explain(language).starts_with("reference.py:"));
        if !is_right {
            wrong.push(format!("{text}\n{fault:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(
        reference.find_pid().is_some(),
        "none of them harmed the process"
    );
    let returned = call_one(&mut reference, "def f(x):\n    return x\n", "f", x()).unwrap();
    assert_eq!(find_floats(&returned), [1.0, 2.0, 3.0]);
}

/// Every row is a text that compiles and fails when it runs.
#[test]
fn failures_at_run_time_are_told_with_their_place() {
    let rows: &[(&str, FaultKind, Option<u32>, &str)] = &[
        (
            "def f(x):\n    raise ValueError('no ' + str(x.size(0)))\n",
            FaultKind::Raised,
            Some(2),
            "ValueError: no 3",
        ),
        (
            "def f(x):\n    assert x.sum() < 0, 'must be negative'\n    return x\n",
            FaultKind::Raised,
            Some(2),
            "AssertionError: must be negative",
        ),
        (
            "def f(x):\n    return x @ torch.ones(4)\n",
            FaultKind::Runtime,
            Some(2),
            "size",
        ),
        (
            "def f(x):\n    return g(x)\n\ndef g(x):\n    return x[7]\n",
            FaultKind::Runtime,
            Some(5),
            "out of",
        ),
        (
            "def f(x):\n    return F.mse_loss(x, x, reduction='moon')\n",
            FaultKind::Raised,
            Some(2),
            "'moon'",
        ),
        (
            "def f(x):\n    return 1 // int(x.sum() - 6)\n",
            FaultKind::Runtime,
            Some(2),
            "division by 0",
        ),
        (
            "def f(x):\n    return {'a': 1}['b']\n",
            FaultKind::Runtime,
            Some(2),
            "KeyError: b",
        ),
        (
            "def f(x):\n    return torch.ones([1000000, 1000000])\n",
            FaultKind::OutOfMemory,
            Some(2),
            "allocate",
        ),
        (
            "def f(x):\n    return torch.complex(x, x)\n",
            FaultKind::BadResult,
            None,
            "ComplexDouble",
        ),
        ("def f(x):\n    pass\n", FaultKind::BadResult, None, "None"),
        (
            "def f(x):\n    return [[x]]\n",
            FaultKind::BadResult,
            None,
            "nested",
        ),
        (
            "def f(x, y):\n    return x\n",
            FaultKind::BadArguments,
            None,
            "takes 2 arguments but was given 1",
        ),
    ];
    let mut reference = start();
    let mut wrong = Vec::new();
    for (text, kind, line, part) in rows {
        match call_one(&mut reference, text, "f", x()) {
            Err(fault)
                if fault.kind == *kind && fault.line == *line && fault.reason.contains(part) => {}
            other => wrong.push(format!("{text}\n{other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let fault = call_one(&mut reference, "def f(x):\n    return x\n", "g", x()).unwrap_err();
    assert_eq!(fault.kind, FaultKind::UnknownFunction);
    assert!(fault.reason.contains("there are: f"), "{fault}");
    let mut asked = evaluation("nobody", "f", vec![x()]);
    let error = reference.evaluate(asked.clone(), DEADLINE).unwrap_err();
    assert_eq!(error.find_fault().unwrap().kind, FaultKind::UnknownUnit);
    if reference.hello().cuda_devices == 0 {
        reference
            .compile(
                "u",
                vec![file("reference.py", "def f(x):\n    return x\n")],
                DEADLINE,
            )
            .unwrap();
        asked = Evaluation {
            unit: "u".into(),
            device: Device::Cuda,
            ..asked
        };
        let error = reference.evaluate(asked, DEADLINE).unwrap_err();
        assert_eq!(error.find_fault().unwrap().kind, FaultKind::NoDevice);
    }
}
