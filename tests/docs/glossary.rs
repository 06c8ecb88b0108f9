//! One term for one thing: the words that `docs/glossary.md` does not use are in no text of the program and on no page.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

use super::pages;
use super::source_support::rust_files;

/// Names the program that came before this one, whose experiments `reproduce` repeats; it is spoken of there alone.
const ORIGINAL: &str = "original tkinter/keras program";
const ORIGINAL_PLACES: [&str; 2] = ["src/cli/reproduce.rs", "docs/reproduction.md"];
/// Another name for it, which is explained nowhere.
const SEED: &str = "seed gui";

/// The third column of the glossary, in small letters.
fn banned() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let glossary = fs::read_to_string(root.join("docs/glossary.md")).unwrap();
    let rows = glossary
        .lines()
        .filter(|line| line.starts_with('|'))
        .skip(2);
    let column = rows.map(|row| row.trim_matches('|').rsplit('|').next().unwrap().to_owned());
    let words: BTreeSet<String> = column
        .flat_map(|column| {
            column
                .split(',')
                .map(|word| word.trim().to_lowercase())
                .collect::<Vec<_>>()
        })
        .filter(|word| !word.is_empty())
        .collect();
    assert!(words.len() > 20, "{words:?}");
    words
}

/// Whether a text has the words, in any letter case and however its lines are broken, as whole words.
fn has(text: &str, words: &str) -> bool {
    let text = text
        .to_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(words).any(|(start, found)| {
        !text[..start].ends_with(is_letter) && !text[start + found.len()..].starts_with(is_letter)
    })
}

/// The string literals of a file, documentation comments among them, without those of its tests.
fn literals(source: TokenStream, into: &mut Vec<String>) {
    let mut is_test = false;
    for tree in source {
        match tree {
            TokenTree::Group(group) => {
                let inside = group.stream();
                let attribute = inside.to_string().replace(' ', "");
                if attribute == "cfg(test)" || attribute == "test" {
                    is_test = true;
                } else if !is_test || group.delimiter() == proc_macro2::Delimiter::Bracket {
                    literals(inside, into);
                } else if group.delimiter() == proc_macro2::Delimiter::Brace {
                    is_test = false;
                }
            }
            TokenTree::Punct(sign) if sign.as_char() == ';' => is_test = false,
            TokenTree::Literal(literal) => {
                // A line that goes on below, and a new line of the text.
                let text = literal.to_string().replace("\\\n", "").replace("\\n", " ");
                into.push(text);
            }
            _ => {}
        }
    }
}

/// Every text that a person reads: where it stands, and what it says.
fn texts() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let name = |path: &Path| {
        path.strip_prefix(root)
            .unwrap()
            .to_str()
            .unwrap()
            .replace('\\', "/")
    };
    let mut texts: Vec<_> = pages()
        .into_iter()
        .map(|(path, text)| (name(&path), text))
        .collect();
    texts.retain(|(name, _)| name != "docs/glossary.md");
    for path in rust_files(&root.join("src")) {
        let name = name(&path);
        if name.contains("test") {
            continue;
        }
        let mut found = Vec::new();
        let source = fs::read_to_string(&path).unwrap();
        literals(source.parse().expect("a file that compiles"), &mut found);
        texts.extend(found.into_iter().map(|text| (name.clone(), text)));
    }
    assert!(texts.len() > 5_000, "{} texts", texts.len());
    texts
}

#[test]
fn no_text_has_a_word_that_the_glossary_does_not_use() {
    let banned = banned();
    let mut complaints = BTreeSet::new();
    for (name, text) in texts() {
        for word in banned.iter().filter(|word| has(&text, word)) {
            let text: String = text
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .chars()
                .take(160)
                .collect();
            complaints.insert(format!("{name}: `{word}`: {text}"));
        }
        if has(&text, ORIGINAL) && !ORIGINAL_PLACES.contains(&name.as_str()) {
            complaints.insert(format!("{name}: `{ORIGINAL}`"));
        }
        if has(&text, SEED) {
            complaints.insert(format!("{name}: `{SEED}`"));
        }
    }
    let complaints: Vec<_> = complaints.into_iter().collect();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn a_banned_word_is_found_however_it_is_written() {
    assert!(has("it Goes\n    on with", "goes on"));
    assert!(has("goes on", "goes on"));
    assert!(!has("forgoes one, goes once", "goes on"));
    let source = "/// Goes on.\n fn f() { g(\"as it \\\n learned\") } #[cfg(test)] mod tests { fn h() { g(\"afresh\") } } const A: &str = \"anew\";";
    let mut found = Vec::new();
    literals(source.parse().unwrap(), &mut found);
    let found = found.join(" ");
    assert!(
        has(&found, "goes on") && has(&found, "it learned") && has(&found, "anew"),
        "{found}"
    );
    assert!(!has(&found, "afresh"), "{found}");
}
