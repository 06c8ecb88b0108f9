//! Whether a set is exactly the one that a preset's `data:` names.

use std::path::Path;

use super::known::{self, KNOWN_SETS, KnownSet};
use super::places::Places;

/// Names in a preset's `data:` for the set of this [`identity`](super::Dataset::identity) that `choice` opens: `choice`, and a known
/// set's name where it is the full set. Where the full set's identity is not known, it is the one that was fetched, and so verified.
pub fn names_of(choice: &str, identity: &str) -> Vec<String> {
    names_in(&Places::here(), choice, identity)
}

fn names_in(places: &Places, choice: &str, identity: &str) -> Vec<String> {
    let is_whole = |set: &&KnownSet| match set.identity {
        Some(known) => known == identity,
        None => places
            .user
            .iter()
            .any(|user| Path::new(choice).starts_with(user.join(set.name))),
    };
    let whole = KNOWN_SETS.iter().filter(is_whole).map(|set| set.name);
    let opened_by = Some(choice).filter(|choice| !choice.is_empty());
    whole.chain(opened_by).map(str::to_owned).collect()
}

/// Whether `data`, a name or a path as a preset has it, is one of a set's `names`.
pub fn is_among(data: &str, names: &[String]) -> bool {
    if names.iter().any(|name| name == data) {
        return true;
    }
    if known::is_known_name(data) {
        // A path of the same letters is a different set.
        return false;
    }
    let path = std::path::absolute(Places::here().expand(data));
    path.is_ok_and(|path| names.iter().any(|name| Path::new(name) == path))
}

/// Whether the file's name has one of these extensions, in any letter case.
pub fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension();
    ending.is_some_and(|ending| endings.iter().any(|one| ending.eq_ignore_ascii_case(one)))
}

/// The name with everything but letters, digits and `kept` replaced by `-`, cut to `most` letters.
pub fn as_file_name(name: &str, most: usize, kept: &str) -> String {
    let is_kept = |letter: char| letter.is_ascii_alphanumeric() || kept.contains(letter);
    let letters = name.chars().take(most);
    letters
        .map(|letter| if is_kept(letter) { letter } else { '-' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_all_of_a_known_set_has_its_name() {
        let [fashion, mnist, ..] = &KNOWN_SETS;
        let folder = "/sets/clothes";
        let whole = names_of(folder, fashion.identity.unwrap());
        assert_eq!(whole, ["fashion-mnist", folder]);
        let other = "68ad925fc06c1ccb0525fb8dc2a21874ddbeffcc0bf9e8938251b5ce461db649";
        let part = names_of("fashion-mnist-starter", other);
        assert_eq!(part, ["fashion-mnist-starter"]);
        // An early run.yaml does not say what opens its data.
        assert_eq!(names_of("", mnist.identity.unwrap()), ["mnist"]);
        assert_eq!(names_of("", other), [""; 0]);

        let places = Places {
            user: Some("/home/me/sets".into()),
            ..Places::default()
        };
        let fetched = "/home/me/sets/cifar10/cifar-10-binary.tar.gz";
        assert_eq!(names_in(&places, fetched, other), ["cifar10", fetched]);
        let elsewhere = "/home/me/cifar10/cifar-10-binary.tar.gz";
        assert_eq!(names_in(&places, elsewhere, other), [elsewhere]);

        let here = std::path::absolute("mine.npz").unwrap();
        let mine = [here.display().to_string()];
        let by_path = [std::path::absolute("mnist").unwrap().display().to_string()];
        for (data, names, expected) in [
            ("fashion-mnist", &whole[..], true),
            (folder, &whole, true),
            ("mnist", &whole, false),
            ("fashion-mnist", &part, false),
            ("fashion-mnist-starter", &part, true),
            ("mine.npz", &mine, true),
            ("./mine.npz", &mine, true),
            ("other.npz", &mine, false),
            // A folder in the working folder that has a known set's name, and is not what the name opens.
            ("mnist", &by_path, false),
        ] {
            assert_eq!(is_among(data, names), expected, "{data}: {names:?}");
        }
    }
}
