//! The layering: no module imports what the design forbids, and the crates of the engine and of the screen, and `unsafe`, are named only
//! where they belong.

mod source_support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use source_support::rust_files;

/// The modules in their order, and which others of this crate each may import. `shape` and `field` are the vocabulary that all are
/// written in: one describes volumes, the other what a person configures; `folders` is where things are kept, `log` what a report is made of, `wording` how numbers and reasons are written, `axis` where ticks are. `cli` may import everything but panes.
const LAYERS: &str = "
    folders
    log       folders
    wording
    text_file wording
    statistics wording
    axis      wording
    picture   axis wording
    shape
    field
    kernels   shape
    ops       kernels shape
    layers    ops shape field
    network   layers shape field wording
    data      shape field folders wording text_file
    training  network data ops shape field folders wording text_file
    analysis  network layers data ops statistics shape field wording
    runs      training network data shape field wording text_file
    session   runs training analysis network data shape wording
    sweep     session runs training network data statistics field shape wording text_file
    report    picture sweep runs training analysis network data statistics field shape wording
    worker    session runs training analysis network data shape log
    lab       ui worker runs training analysis data network layers field shape screen wording
    ui        lab analysis data field shape log axis wording
    overlays  lab ui worker field wording
    panes     overlays lab ui worker sweep session runs training analysis network data statistics layers field shape screen wording text_file
    screen    panes overlays lab ui worker training data picture shape wording
    app       screen worker training lab ui log picture
    cli       app ui worker report sweep session runs training analysis network data layers ops kernels field shape log picture statistics wording
    main      cli app
    lib
";

/// Files that may import more than their module. The weights of a network are tensors, and values flow through it on the tape.
/// The ways in are compared where the command line is.
const EXCEPTIONS: &str = "
    network/model.rs         ops
    network/model/passes.rs  ops
    network/model/tests.rs   ops
    cli/settings_tests.rs    overlays lab
";

/// Crates, and a keyword, and the folders and files that alone may name them. The lint `unsafe_code` can be allowed anywhere; this says
/// where it may be.
const WORDS: &str = "
    dfdx          ops/ layers/ network/model.rs
    ratatui       ui/ lab/ overlays/ panes/ screen/ app.rs
    crossterm     ui/ overlays/ panes/ screen/ app.rs
    tui_textarea  panes/
    unsafe        kernels/ ops/tape.rs
";

/// The rows of a table: what each is of, and what it says.
fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    table.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        Some((words.next()?, words.collect()))
    })
}

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
        ("worker/mod.rs", "use crate::ui::Theme;"),
        ("ui/panes/data.rs", "use crate::worker::Worker;"),
        ("cli/train/mod.rs", "use crate::panes;"),
        ("strange/mod.rs", "use crate::shape::Shape;"),
        ("data/idx.rs", "use dfdx::prelude::*;"),
        ("worker/mod.rs", "use ratatui::style::Color;"),
        ("lab/mod.rs", "fn f(key: crossterm::event::KeyEvent) {}"),
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
        assert_eq!(complain(name, text), BTreeSet::new(), "{name}: {text}");
    }
}

/// What is wrong with a file under `src/`, one sentence each.
fn complain(name: &str, text: &str) -> BTreeSet<String> {
    let module = module_of(name);
    let row = |table, of| rows(table).find(|(name, _)| *name == of);
    let Some((_, mut allowed)) = row(LAYERS, module) else {
        let complaint = format!("{name}: `{module}` is not in the table of the layering");
        return BTreeSet::from([complaint]);
    };
    allowed.extend(row(EXCEPTIONS, name).into_iter().flat_map(|(_, more)| more));
    allowed.push(module);
    let mut found = Found::default();
    let source = text.parse().expect("a file that compiles");
    found.look_through(source, depth_of(name));
    let mut complaints = BTreeSet::new();
    for import in found.imports {
        if !allowed.contains(&import.as_str()) {
            let only = allowed.join(", ");
            complaints.insert(format!("{name}: may not import `{import}`, only {only}"));
        }
    }
    for (word, places) in rows(WORDS) {
        let lies_in =
            |place: &&str| name == *place || (place.ends_with('/') && name.starts_with(place));
        if found.words.contains(word) && !places.iter().any(lies_in) {
            let places = places.join(", ");
            complaints.insert(format!("{name}: `{word}` belongs in {places} alone"));
        }
    }
    complaints
}

/// `data/idx.rs` → `data`
fn module_of(name: &str) -> &str {
    let first = name.split('/').next().unwrap();
    first.strip_suffix(".rs").unwrap_or(first)
}

/// How many modules lie around what a file holds, itself included.
fn depth_of(name: &str) -> usize {
    let is_named = |part: &&str| !matches!(*part, "mod.rs" | "lib.rs" | "main.rs");
    name.split('/').filter(is_named).count()
}

/// What a file names.
#[derive(Default)]
struct Found {
    words: BTreeSet<String>,
    /// The modules of this crate that its paths begin with.
    imports: BTreeSet<String>,
}

impl Found {
    /// Takes in what stands in the body of a module with so many around it.
    fn look_through(&mut self, source: TokenStream, depth: usize) {
        let trees: Vec<TokenTree> = source.into_iter().collect();
        for (at, tree) in trees.iter().enumerate() {
            let (before, after) = trees.split_at(at);
            let after = &after[1..];
            match tree {
                TokenTree::Group(group) => {
                    let is_module = group.delimiter() == Delimiter::Brace
                        && matches!(before, [.., keyword, _] if keyword.to_string() == "mod");
                    self.look_through(group.stream(), depth + usize::from(is_module));
                }
                TokenTree::Ident(word) => {
                    let word = word.to_string();
                    let begins_path = !matches!(before, [.., first, second] if is_sign(first, ':') && is_sign(second, ':'));
                    match word.as_str() {
                        "crate" | "convscope" => self.imports.extend(first_names(after)),
                        "super" if begins_path => {
                            self.imports
                                .extend(first_names_above(after, depth.saturating_sub(1)));
                        }
                        _ => {}
                    }
                    self.words.insert(word);
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

/// The first names of what follows the crate's root: of `::a::b` it is `a`, of `::{a, b::{c}}` they are `a` and `b`.
fn first_names(rest: &[TokenTree]) -> Vec<String> {
    match rest {
        // The crate under another name could be imported from anywhere.
        [rename, name, ..] if rename.to_string() == "as" => vec![format!("crate as {name}")],
        _ => match after_colons(rest) {
            Some([TokenTree::Group(group), ..]) => {
                let trees: Vec<TokenTree> = group.stream().into_iter().collect();
                let paths = trees.split(|tree| is_sign(tree, ','));
                paths
                    .filter_map(|path| Some(path.first()?.to_string()))
                    .collect()
            }
            Some([name, ..]) => vec![name.to_string()],
            _ => Vec::new(),
        },
    }
}

/// The same of what follows a `super` that leaves so many modules between itself and the root; none where the path stays below that.
fn first_names_above(rest: &[TokenTree], below_root: usize) -> Vec<String> {
    match (below_root, after_colons(rest)) {
        (0, _) => first_names(rest),
        (_, Some([next, rest @ ..])) if next.to_string() == "super" => {
            first_names_above(rest, below_root - 1)
        }
        _ => Vec::new(),
    }
}

fn after_colons(rest: &[TokenTree]) -> Option<&[TokenTree]> {
    match rest {
        [first, second, rest @ ..] if is_sign(first, ':') && is_sign(second, ':') => Some(rest),
        _ => None,
    }
}

fn is_sign(tree: &TokenTree, sign: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == sign)
}
