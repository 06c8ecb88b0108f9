//! The first inputs of the fuzz targets: a fuzzer that starts with what is refused explores refusals only.

use std::fs;
use std::path::Path;

use convscope::data::{Limits, Located};
use tempfile::TempDir;

#[path = "../../fuzz/src/inputs.rs"]
mod inputs;

#[test]
fn each_input_opens_as_a_set() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let mut refused = Vec::new();
    for target in inputs::TARGETS {
        let files = fs::read_dir(corpus.join(target.name)).unwrap();
        for file in files.map(|file| file.unwrap().path()) {
            let folder = TempDir::new().unwrap();
            let input = (target.input)(&fs::read(&file).unwrap());
            for (name, bytes) in input.files {
                let path = folder.path().join(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, bytes).unwrap();
            }
            let set = Located::At(target.format, folder.path().join(input.path));
            if let Err(error) = set.load(&Limits::default()) {
                let name = file.strip_prefix(&corpus).unwrap().display();
                refused.push(format!("{name}: {error}"));
            }
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}
