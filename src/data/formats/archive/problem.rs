//! What can be wrong with an archive.

/// A problem with an archive, or with an entry of it.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each sentence tells what its variant is")]
pub enum ArchiveProblem {
    #[error("expected a zip or tar archive, but this is {found}; {advice}")]
    AnotherThing { found: String, advice: String },
    #[error("cannot be unpacked: {0}; check the file, or download it again")]
    Broken(String),
    #[error(
        "this is the last part of a split zip archive; unpack all of its parts, for example with 7z, and open the folder"
    )]
    Split,
    #[error("is encrypted; unpack the archive with its password, and open the folder")]
    Encrypted,
    #[error(
        "packed by {0}, which is not read; unpack the archive with another program, for example 7z, and open the folder"
    )]
    Packed(&'static str),
    #[error("more than {0} entries; unpack the archive, and open a folder in it")]
    TooManyEntries(usize),
    #[error(
        "an archive cannot be unpacked here: {0}; free some space, or set TMPDIR to another folder"
    )]
    NoRoom(String),
    #[error("holds several sets, {0}; unpack the archive, and open one of them")]
    SeveralSets(String),
    #[error("holds no data set, but {found}; {advice}")]
    NoSet { found: String, advice: String },
}
