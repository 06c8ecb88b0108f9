//! The pages for people: their links lead somewhere, their commands are the program's, and the README's run as they stand.

#[path = "../cli_support/mod.rs"]
mod cli_support;
mod glossary;
#[path = "../source_support/mod.rs"]
mod source_support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cli_support::Place;

/// The README and every page under `docs/`, with the folder that its links start from.
fn pages() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = vec![root.join("README.md")];
    let docs = fs::read_dir(root.join("docs")).unwrap();
    paths.extend(docs.map(|entry| entry.unwrap().path()));
    paths.retain(|path| path.extension().is_some_and(|kind| kind == "md"));
    assert!(paths.len() > 5, "{paths:?}");
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path, text)
    };
    paths.into_iter().map(read).collect()
}

/// What the links of a page lead to.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.split("](").skip(1);
    ends.filter_map(|rest| Some(rest.split_once(')')?.0))
}

/// The anchors that a page's headings make: small letters, and a hyphen for a space.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let anchor = |heading: &str| {
        let kept = |letter: &char| letter.is_alphanumeric() || " -_".contains(*letter);
        let title = heading.trim_start_matches('#').trim().to_lowercase();
        title
            .chars()
            .filter(kept)
            .collect::<String>()
            .replace(' ', "-")
    };
    headings.map(anchor).collect()
}

#[test]
fn every_link_leads_to_a_file_and_a_heading_that_exist() {
    let mut broken = Vec::new();
    for (page, text) in pages() {
        let links = links(&text).filter(|link| !link.starts_with("http"));
        for link in links {
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match path {
                "" => page.clone(),
                path => page.parent().unwrap().join(path),
            };
            let leads_somewhere = match anchor {
                "" => target.exists(),
                anchor => {
                    fs::read_to_string(&target).is_ok_and(|text| anchors(&text).contains(anchor))
                }
            };
            if !leads_somewhere {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// How something is added names files, in code spans.
#[test]
fn every_file_that_the_page_of_adding_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("docs/adding.md")).unwrap();
    let is_path = |span: &&str| {
        let is_of_tree = ["src/", "tests/", "docs/", "presets/", "benches/"];
        is_of_tree.iter().any(|folder| span.starts_with(folder)) && !span.contains(['<', '{', ' '])
    };
    let paths: BTreeSet<&str> = text.split('`').filter(is_path).collect();
    assert!(paths.len() > 20, "{paths:?}");
    let gone: Vec<_> = paths
        .into_iter()
        .filter(|path| !root.join(path).exists())
        .collect();
    assert!(gone.is_empty(), "{gone:#?}");
}

#[test]
fn the_readme_is_short_and_names_every_page() {
    let lines = pages()[0].1.lines().count();
    assert!(lines <= 200, "{lines} lines");
    let pages = pages();
    let (readme, others) = pages.split_first().unwrap();
    for (page, _) in others {
        let name = page.file_name().unwrap().to_str().unwrap();
        assert!(
            links(&readme.1).any(|link| link == format!("docs/{name}")),
            "{name}"
        );
    }
}

/// The lines of a page's fenced blocks that begin with the program's name.
fn commands(text: &str) -> impl Iterator<Item = &str> {
    let blocks = text.split("```").skip(1).step_by(2);
    blocks
        .flat_map(str::lines)
        .filter_map(|line| line.strip_prefix("convscope "))
}

/// The subcommands that a help lists.
fn subcommands(help: &str) -> BTreeSet<String> {
    let list = help.split_once("Commands:\n").map_or("", |(_, list)| list);
    let lines = list.lines().take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_page_of_commands_has_every_subcommand_with_options_that_it_takes() {
    let place = Place::new();
    let pages = pages();
    let (_, text) = pages
        .iter()
        .find(|(path, _)| path.ends_with("docs/commands.md"))
        .unwrap();
    let help = |path: &[&str]| {
        let outcome = place.run(&[path, &["--help"]].concat());
        assert_eq!(outcome.code, Some(0), "{path:?}: {}", outcome.stderr);
        outcome.stdout
    };
    let mut told = BTreeSet::new();
    for command in commands(text) {
        let mut words = command.split_whitespace();
        let mut path = vec![words.next().unwrap()];
        let mut page = help(&path);
        if !subcommands(&page).is_empty() {
            path.push(words.next().unwrap());
            page = help(&path);
        }
        let options = command.split(|letter: char| !(letter == '-' || letter.is_alphanumeric()));
        for option in options.filter(|word| word.starts_with("--")) {
            assert!(page.contains(option), "{command}: no {option} in\n{page}");
        }
        told.insert(path.join(" "));
    }
    let mut all = BTreeSet::new();
    for name in subcommands(&help(&[])) {
        let below = subcommands(&help(&[&name]));
        all.extend(below.iter().map(|below| format!("{name} {below}")));
        if below.is_empty() {
            all.insert(name);
        }
    }
    assert!(all.len() > 15, "{all:?}");
    assert_eq!(told, all);
}

#[test]
fn the_commands_of_the_readme_do_what_they_should() {
    let place = Place::new();
    let pages = pages();
    let commands: Vec<&str> = commands(&pages[0].1).collect();
    assert!(!commands.is_empty());
    for command in commands {
        let outcome = place.run(&command.split_whitespace().collect::<Vec<_>>());
        assert_eq!(outcome.code, Some(0), "{command}: {}", outcome.stderr);
        assert!(!outcome.stdout.is_empty(), "{command}");
    }
}
