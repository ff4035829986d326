use super::*;
use std::fs;
use std::path::{Path, PathBuf};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn the_schemas_in_docs_are_those_of_the_types() {
    for (name, text) in schemas() {
        let path = repository().join(format!("docs/{name}.schema.json"));
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == text,
            "docs/{name}.schema.json is old: `gradien-grader pack schema {name} > docs/{name}.schema.json`"
        );
    }
}

/// Every object that is not a dictionary of the author's own names: what it
/// allows is named and explained, and nothing else is allowed.
fn check_objects(at: &str, schema: &Value, found: &mut usize) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::Object(properties)) = object.get("properties") {
                assert_eq!(object["additionalProperties"], false, "{at}");
                for (name, property) in properties {
                    let told = property["description"].as_str().unwrap_or_default();
                    assert!(!told.is_empty(), "{at}.{name} says nothing");
                    *found += 1;
                }
            }
            for (key, inner) in object {
                check_objects(&format!("{at}/{key}"), inner, found);
            }
        }
        Value::Array(items) => {
            for item in items {
                assert!(item["type"] != "null", "{at}: TOML has no null");
                check_objects(at, item, found);
            }
        }
        _ => {}
    }
}

#[test]
fn every_key_is_explained_and_unknown_ones_are_refused() {
    let mut found = 0;
    for (name, text) in schemas() {
        let schema: Value = serde_json::from_str(&text).unwrap();
        check_objects(name, &schema, &mut found);
    }
    assert!(found > 100, "{found} keys");
}

/// What of a value the schema does not allow. It knows what our schemas use.
fn faults(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.trim_start_matches('#');
        let target = root
            .pointer(pointer)
            .expect("a reference that leads somewhere");
        faults(root, target, value, at, found);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        faults(root, part, value, at, found);
    }
    let mut fail = |what: String| found.push(format!("{at}: {what}"));
    if let Some(values) = schema["enum"].as_array()
        && !values.contains(value)
    {
        fail(format!("{value} is none of {values:?}"));
    }
    if !schema["const"].is_null() && schema["const"] != *value {
        fail(format!("{value} is not {}", schema["const"]));
    }
    let types = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let is = |name: &&str| match *name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        other => panic!("an unknown type {other}"),
    };
    if !types.is_empty() && !types.iter().any(is) {
        fail(format!("{value} is no {}", types.join(" or ")));
    }
    let limits = [("minimum", 1.0), ("maximum", -1.0)];
    for (key, sign) in limits {
        if let (Some(limit), Some(number)) = (schema[key].as_f64(), value.as_f64())
            && sign * number < sign * limit
        {
            fail(format!("{number} is beyond the {key} {limit}"));
        }
    }
    for several in ["anyOf", "oneOf"] {
        let Some(branches) = schema[several].as_array() else {
            continue;
        };
        let fits = branches.iter().any(|branch| {
            let mut inner = Vec::new();
            faults(root, branch, value, at, &mut inner);
            inner.is_empty()
        });
        if !fits {
            found.push(format!("{at}: {value} fits no branch of {several}"));
        }
    }
    if let Some(object) = value.as_object() {
        let properties = schema["properties"].as_object();
        for (key, inner) in object {
            let known = properties.and_then(|properties| properties.get(key));
            match (known, &schema["additionalProperties"]) {
                (Some(known), _) => faults(root, known, inner, &format!("{at}.{key}"), found),
                (None, Value::Bool(false)) => found.push(format!("{at}: unknown key {key}")),
                (None, other) if other.is_object() => {
                    faults(root, other, inner, &format!("{at}.{key}"), found);
                }
                _ => {}
            }
        }
        let required = schema["required"].as_array().into_iter().flatten();
        for key in required.filter_map(Value::as_str) {
            if !object.contains_key(key) {
                found.push(format!("{at}: {key} is missing"));
            }
        }
    }
    if let (Some(items), true) = (value.as_array(), schema["items"].is_object()) {
        for (index, item) in items.iter().enumerate() {
            faults(
                root,
                &schema["items"],
                item,
                &format!("{at}[{index}]"),
                found,
            );
        }
    }
}

fn faults_of(name: &str, toml: &str) -> Vec<String> {
    let (_, text) = schemas().into_iter().find(|(one, _)| *one == name).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    let value = serde_json::to_value(toml::from_str::<toml::Table>(toml).unwrap()).unwrap();
    let mut found = Vec::new();
    faults(&schema, &schema, &value, name, &mut found);
    found
}

fn packs() -> Vec<PathBuf> {
    let entries = fs::read_dir(repository().join("problems/packs")).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn packs_that_ship_are_as_the_schemas_say() {
    let mut checked = 0;
    for pack in packs() {
        for (name, file) in [
            ("problem", "problem.toml"),
            ("expected", "submissions/expected.toml"),
        ] {
            let toml = fs::read_to_string(pack.join(file)).unwrap();
            let found = faults_of(name, &toml);
            assert!(found.is_empty(), "{}/{file}: {found:#?}", pack.display());
            checked += 1;
        }
    }
    assert!(checked >= 20, "{checked}");
}

/// The documentation shows no key that is not there.
#[test]
fn examples_in_the_documentation_are_as_the_schemas_say() {
    let docs = fs::read_to_string(repository().join("docs/pack-format.md")).unwrap();
    let blocks = docs.split("```toml\n").skip(1);
    let blocks = blocks.filter_map(|rest| rest.split("```").next());
    let whole: Vec<&str> = blocks.filter(|b| b.starts_with("format = 1")).collect();
    assert!(whole.len() >= 6, "{}", whole.len());
    for block in whole {
        let found = faults_of("problem", block);
        assert!(found.is_empty(), "{block}\n{found:#?}");
    }
}

#[test]
fn what_a_pack_may_not_say_is_no_part_of_the_schema() {
    let pack = repository().join("problems/packs/ch5-gru-cell/problem.toml");
    let good = fs::read_to_string(pack).unwrap();
    for (from, to) in [
        ("[function]", "[funktion]"),
        ("kind = \"function\"", "kind = \"program\""),
        ("kind = \"function\"", "kind = 3"),
        ("chapter = 5", "chapter = 7"),
        ("cases = 8", "casez = 8"),
        ("cases = 8", "cases = 0"),
        ("format = 1\n", ""),
        ("normal = [0.0, 1.0]", "normal = \"wide\""),
        ("reveal = \"values\"", "reveal = \"everything\""),
    ] {
        let bad = good.replace(from, to);
        assert!(bad != good, "{from} is not there");
        assert!(!faults_of("problem", &bad).is_empty(), "{to}");
    }
    let bad = "\"accepted/a.py\" = { verdict = \"OK\", score = 1 }";
    assert!(!faults_of("expected", bad).is_empty());
}
