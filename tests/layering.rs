//! The layering: no module imports what the design forbids, the crates of the engine and of the screen are named only where
//! they belong, and `unsafe` stays in the kernels.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Which modules of this crate each module may import. `shape` and `field` are the vocabulary that all others are written in:
/// one describes volumes, the other what a person configures.
const LAYERS: &[(&str, &[&str])] = &[
    ("shape", &[]),
    ("field", &[]),
    ("kernels", &["shape"]),
    ("ops", &["kernels", "shape"]),
    ("layers", &["ops", "shape", "field"]),
    ("network", &["layers", "shape", "field"]),
    ("data", &["shape", "field"]),
    ("training", &["network", "data", "ops", "shape", "field"]),
    ("analysis", &["network", "data", "ops", "shape", "field"]),
    ("runs", &["training", "network", "data", "shape"]),
    (
        "session",
        &["runs", "training", "analysis", "network", "data", "shape"],
    ),
    (
        "worker",
        &[
            "session", "runs", "training", "analysis", "network", "data", "shape",
        ],
    ),
    (
        "state",
        &[
            "worker", "runs", "training", "analysis", "data", "network", "layers", "field", "shape",
        ],
    ),
    ("ui", &["state", "field", "shape"]),
    // Everything but `ui`.
    (
        "cli",
        &[
            "app", "state", "worker", "session", "runs", "training", "analysis", "network", "data",
            "layers", "ops", "kernels", "field", "shape",
        ],
    ),
    ("app", &["worker", "state", "ui"]),
    // The binary and the list of modules.
    ("main", &["cli", "app"]),
    ("lib", &[]),
];

/// Files that may import more than their module.
const EXCEPTIONS: &[(&str, &[&str])] = &[
    // The weights of a network are tensors, and values flow through it on the tape.
    ("network/model.rs", &["ops"]),
];

/// Crates and where they may be named: a folder, or a file.
const CRATES: &[(&str, &[&str])] = &[
    ("dfdx", &["ops/", "layers/", "network/model.rs"]),
    ("ratatui", &["ui/", "app.rs"]),
    ("crossterm", &["ui/", "app.rs"]),
    ("tui_textarea", &["ui/"]),
];

const UNSAFE: &[&str] = &["kernels/", "ops/tape.rs"];

#[test]
fn every_import_is_one_that_the_layering_allows() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut complaints = Vec::new();
    let mut seen = BTreeSet::new();
    for path in rust_files(&source) {
        let name = path
            .strip_prefix(&source)
            .unwrap()
            .to_str()
            .unwrap()
            .replace('\\', "/");
        seen.insert(module_of(&name).to_owned());
        complaints.extend(complain(&name, &fs::read_to_string(&path).unwrap()));
    }
    assert!(
        seen.contains("worker") && seen.len() > 10,
        "found only {seen:?}"
    );
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn a_forbidden_import_is_found_in_whatever_way_it_is_written() {
    let bad = [
        ("data/idx.rs", "use crate::training::Preset;"),
        (
            "data/idx.rs",
            "use crate::{shape::Shape, network::{Model, self}};",
        ),
        ("data/idx.rs", "use crate :: /* why */ training;"),
        (
            "data/idx.rs",
            "fn f() { let m: crate::network::Model = todo!(); }",
        ),
        ("data/idx.rs", "use super::super::network::Model;"),
        ("data/mod.rs", "use super::network::Model;"),
        (
            "data/idx.rs",
            "mod tests { use super::super::super::worker; }",
        ),
        ("data/idx.rs", "use convscope::worker::Worker;"),
        ("data/idx.rs", "use crate as whole;"),
        ("data/idx.rs", "use crate::*;"),
        ("runs/folder.rs", "use crate::session::Session;"),
        ("network/checked.rs", "use crate::ops::Flow;"),
        ("state/mod.rs", "use crate::ui::Theme;"),
        ("ui/panes/data.rs", "use crate::worker::Worker;"),
        ("cli/train/mod.rs", "use crate::ui;"),
        ("strange/mod.rs", "use crate::shape::Shape;"),
        ("data/idx.rs", "use dfdx::prelude::*;"),
        ("worker/mod.rs", "use ratatui::style::Color;"),
        ("state/mod.rs", "fn f(key: crossterm::event::KeyEvent) {}"),
        ("cli/mod.rs", "use {ratatui as r};"),
        ("data/idx.rs", "fn f() { unsafe { g() } }"),
        ("ops/conv2d.rs", "unsafe fn f() {}"),
    ];
    for (name, text) in bad {
        assert_eq!(
            complain(name, text).len(),
            1,
            "{name}: {text}: {:?}",
            complain(name, text)
        );
    }
}

#[test]
fn what_is_allowed_or_only_spoken_of_is_passed_over() {
    let good = [
        (
            "data/idx.rs",
            "use crate::shape::Shape; use super::error::DataError;",
        ),
        (
            "data/idx/stream.rs",
            "use super::super::error::DataError; use crate::data::Split;",
        ),
        ("data/idx.rs", "mod tests { use super::super::worker; }"),
        (
            "data/idx.rs",
            "// use crate::training;\n/* crate::ui /* nested */ unsafe */ /// crate::worker",
        ),
        (
            "data/idx.rs",
            r##"const A: &str = "crate::ui \" unsafe"; const B: &str = r#"crate::ui" dfdx::"#;"##,
        ),
        (
            "data/idx.rs",
            "const C: [char; 2] = ['\"', '\\'']; fn f<'a>(x: &'a str) {}",
        ),
        ("data/idx.rs", "pub(crate) fn f() {} #![deny(unsafe_code)]"),
        (
            "network/model.rs",
            "use crate::ops::{self, Flow}; use dfdx::tensor::Cpu;",
        ),
        ("kernels/conv2d.rs", "fn f() { unsafe { g() } }"),
        ("ops/tape.rs", "unsafe fn f() {}"),
        ("app.rs", "use crossterm::event; use crate::ui::draw;"),
        (
            "cli/train/mod.rs",
            "use crate::session::Session; use super::failure::Failure;",
        ),
    ];
    for (name, text) in good {
        assert_eq!(complain(name, text), [""; 0], "{name}: {text}");
    }
}

/// What is wrong with a file under `src/`, one sentence each.
fn complain(name: &str, text: &str) -> Vec<String> {
    let module = module_of(name);
    let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == module) else {
        return vec![format!(
            "{name}: `{module}` is not in the table of the layering"
        )];
    };
    let extra = EXCEPTIONS
        .iter()
        .filter(|(file, _)| *file == name)
        .flat_map(|(_, more)| *more);
    let allowed: Vec<&str> = allowed
        .iter()
        .chain(extra)
        .copied()
        .chain([module])
        .collect();
    let tokens = tokens(text);
    let mut complaints = BTreeSet::new();
    for import in imports(name, &tokens) {
        if !allowed.contains(&import.as_str()) {
            complaints.insert(format!(
                "{name}: may not import `{import}`, only {}",
                allowed.join(", ")
            ));
        }
    }
    let lies_in = |places: &[&str]| {
        places
            .iter()
            .any(|place| name == *place || (place.ends_with('/') && name.starts_with(place)))
    };
    for (foreign, places) in CRATES {
        if tokens.iter().any(|token| token == foreign) && !lies_in(places) {
            complaints.insert(format!(
                "{name}: `{foreign}` belongs in {} alone",
                places.join(", ")
            ));
        }
    }
    if tokens.iter().any(|token| token == "unsafe") && !lies_in(UNSAFE) {
        complaints.insert(format!(
            "{name}: `unsafe` belongs in {} alone",
            UNSAFE.join(", ")
        ));
    }
    complaints.into_iter().collect()
}

/// `data/idx.rs` → `data`
fn module_of(name: &str) -> &str {
    let first = name.split('/').next().unwrap();
    first.strip_suffix(".rs").unwrap_or(first)
}

/// The modules of this crate that the paths in a file begin with.
fn imports(name: &str, tokens: &[String]) -> Vec<String> {
    let file_depth = name
        .split('/')
        .filter(|part| !matches!(*part, "mod.rs" | "lib.rs" | "main.rs"))
        .count();
    let mut imports = Vec::new();
    // For each open brace whether it is that of a `mod name {`.
    let mut braces = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let depth = file_depth + braces.iter().filter(|&&module| module).count();
        match tokens[at].as_str() {
            "{" => braces.push(at >= 2 && tokens[at - 2] == "mod"),
            "}" => {
                braces.pop();
            }
            // `pub(crate)` names no path.
            "crate"
                if at > 0
                    && tokens[at - 1] == "("
                    && tokens.get(at + 1).is_some_and(|next| next == ")") => {}
            "crate" | "convscope" => imports.extend(first_names(&tokens[at + 1..])),
            "super" if at == 0 || tokens[at - 1] != "::" => {
                let mut climbed = 1;
                while tokens[at + 1..].starts_with(&["::".to_owned(), "super".to_owned()]) {
                    climbed += 1;
                    at += 2;
                }
                if climbed >= depth {
                    imports.extend(first_names(&tokens[at + 1..]));
                }
            }
            _ => {}
        }
        at += 1;
    }
    imports
}

/// The first names of what follows the crate's root: of `::a::b` it is `a`, of `::{a, b::{c}}` they are `a` and `b`.
fn first_names(rest: &[String]) -> Vec<String> {
    match rest {
        [colons, brace, group @ ..] if colons == "::" && brace == "{" => {
            let mut names = Vec::new();
            let mut depth = 0;
            let mut begins = true;
            for token in group {
                match token.as_str() {
                    "{" => depth += 1,
                    "}" if depth == 0 => break,
                    "}" => depth -= 1,
                    "," if depth == 0 => begins = true,
                    name if begins => {
                        names.push(name.to_owned());
                        begins = false;
                    }
                    _ => {}
                }
            }
            names
        }
        [colons, name, ..] if colons == "::" => vec![name.clone()],
        // The crate under another name could be imported from anywhere.
        [rename, name, ..] if rename == "as" => vec![format!("crate as {name}")],
        _ => Vec::new(),
    }
}

/// The words and signs of a Rust source, without comments, strings and characters; `::` is one sign.
fn tokens(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let starts = |at: usize, what: &str| {
        what.chars()
            .enumerate()
            .all(|(i, letter)| letters.get(at + i) == Some(&letter))
    };
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        if starts(at, "//") {
            while at < letters.len() && letters[at] != '\n' {
                at += 1;
            }
        } else if starts(at, "/*") {
            let mut depth = 0;
            loop {
                if starts(at, "/*") {
                    (depth, at) = (depth + 1, at + 2);
                } else if starts(at, "*/") {
                    (depth, at) = (depth - 1, at + 2);
                } else {
                    at += 1;
                }
                if depth == 0 || at >= letters.len() {
                    break;
                }
            }
        } else if letters[at] == '"' {
            at = after_quoted(&letters, at, '"');
        } else if letters[at] == '\'' {
            // A lifetime is a quote and a word without a second quote.
            let lifetime = letters.get(at + 1).copied().is_some_and(is_word)
                && letters.get(at + 2) != Some(&'\'');
            at = if lifetime {
                at + 1
            } else {
                after_quoted(&letters, at, '\'')
            };
        } else if is_word(letters[at]) {
            let start = at;
            while at < letters.len() && is_word(letters[at]) {
                at += 1;
            }
            let word: String = letters[start..at].iter().collect();
            if matches!(word.as_str(), "r" | "br") && matches!(letters.get(at), Some('"' | '#')) {
                at = after_raw(&letters, at);
            } else if !(matches!(word.as_str(), "b" | "c") && letters.get(at) == Some(&'"')) {
                tokens.push(word);
            }
        } else if starts(at, "::") {
            tokens.push("::".to_owned());
            at += 2;
        } else {
            if !letters[at].is_whitespace() {
                tokens.push(letters[at].to_string());
            }
            at += 1;
        }
    }
    tokens
}

/// Where a quoted text that begins at `at` is over.
fn after_quoted(letters: &[char], at: usize, quote: char) -> usize {
    let mut at = at + 1;
    while at < letters.len() && letters[at] != quote {
        at += if letters[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// Where a raw string, whose `#`s or quote stand at `at`, is over.
fn after_raw(letters: &[char], at: usize) -> usize {
    let hashes = letters[at..]
        .iter()
        .take_while(|&&letter| letter == '#')
        .count();
    let end: Vec<char> = std::iter::once('"')
        .chain(std::iter::repeat_n('#', hashes))
        .collect();
    let text = at + hashes + 1;
    (text..letters.len())
        .find(|&at| letters[at..].starts_with(&end))
        .map_or(letters.len(), |at| at + end.len())
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}
