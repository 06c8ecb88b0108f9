//! Every form of data that can be opened: described, trained on for an epoch and evaluated by commands alone.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use serde_json::Value;

use crate::cli_support::{PRESET, Place};

/// What `data info` says, and the training loss and test accuracy of one epoch.
struct Used {
    info: Value,
    loss: f64,
    accuracy: f64,
}

fn json(place: &Place, arguments: &[&str]) -> Value {
    let outcome = place.run(arguments);
    assert_eq!(outcome.code, Some(0), "{arguments:?}: {}", outcome.stderr);
    serde_json::from_str(&outcome.stdout).unwrap()
}

/// Uses the set that `data` means in all three ways.
fn used(place: &Place, preset: &str, data: &str) -> Used {
    let runs = format!("runs of {}", data.replace('/', " "));
    let train = [
        "train", preset, "--epochs", "1", "--data", data, "--runs", &runs, "--json",
    ];
    let trained = place.run(&train);
    assert_eq!(trained.code, Some(0), "{data}: {}", trained.stderr);
    let lines = trained.stdout.lines().map(serde_json::from_str::<Value>);
    let losses: Vec<f64> = lines
        .filter_map(|line| line.unwrap()["loss"].as_f64())
        .collect();
    let run = place.only_run(&runs);
    let evaluated = json(place, &["eval", run.to_str().unwrap(), "--json"]);
    Used {
        info: json(place, &["data", "info", data, "--json"]),
        loss: losses[0],
        accuracy: evaluated["figures"]["accuracy"].as_f64().unwrap(),
    }
}

/// Every file below `folder`, by name.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.extend(self::files(&path)),
            false => files.push(path),
        }
    }
    files.sort();
    files
}

fn zipped(place: &Place, folder: &str, to: &str) {
    let mut zip = zip::ZipWriter::new(File::create(place.path(to)).unwrap());
    for path in files(&place.path(folder)) {
        let name = path.strip_prefix(place.path("")).unwrap();
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(name.to_str().unwrap(), options).unwrap();
        zip.write_all(&fs::read(&path).unwrap()).unwrap();
    }
    zip.finish().unwrap();
}

fn tarred(place: &Place, folder: &str, to: &str) {
    let file = File::create(place.path(to)).unwrap();
    let encoder = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    let mut tar = tar::Builder::new(encoder);
    tar.append_dir_all(folder, place.path(folder)).unwrap();
    tar.into_inner().unwrap().finish().unwrap();
}

#[test]
fn the_same_set_in_every_form_trains_alike() {
    let place = Place::new();
    let original = used(&place, "tiny.yaml", "data");
    for (form, target) in [
        ("npz", "seed.npz"),
        ("keras", "keras.npz"),
        ("idx", "idx"),
        ("images", "pictures"),
        ("csv", "table"),
    ] {
        let convert = ["data", "convert", "data", target, "--format", form];
        let outcome = place.run(&convert);
        assert_eq!(outcome.code, Some(0), "{form}: {}", outcome.stderr);
    }
    zipped(&place, "pictures", "pictures.zip");
    tarred(&place, "pictures", "pictures.tar.gz");
    zipped(&place, "table", "table.zip");
    tarred(&place, "idx", "idx.tgz");
    for data in [
        "seed.npz",
        "keras.npz",
        "idx",
        "pictures",
        "table",
        "pictures.zip",
        "pictures.tar.gz",
        "table.zip",
        "idx.tgz",
    ] {
        let same = used(&place, "tiny.yaml", data);
        // Its pixels are floats, of the same values.
        let is_same = same.info["sha256"] == original.info["sha256"];
        assert_eq!(is_same, data != "seed.npz", "{data}: {}", same.info);
        assert_eq!(
            (same.loss, same.accuracy),
            (original.loss, original.accuracy),
            "{data}"
        );
    }
}

/// Ten records of 32×32 pixels in colour, one of each class.
fn records() -> Vec<u8> {
    let record = |class: u8| {
        let planes = (0..3072_u32).map(move |at| (at / 12 + u32::from(class) * 25) as u8);
        std::iter::once(class).chain(planes)
    };
    (0..10).flat_map(record).collect()
}

#[test]
fn cifar_in_a_folder_and_in_its_archive() {
    let place = Place::new();
    let ten = PRESET.replace("classes: 3", "classes: 10");
    place.write("ten.yaml", ten.replace("[6, 6, 1]", "[32, 32, 3]"));
    let folder = "cifar-10-batches-bin";
    fs::create_dir(place.path(folder)).unwrap();
    for number in 1..=5 {
        place.write(&format!("{folder}/data_batch_{number}.bin"), records());
    }
    place.write(&format!("{folder}/test_batch.bin"), records());
    tarred(&place, folder, "cifar-10-binary.tar.gz");
    let [one, other] =
        [folder, "cifar-10-binary.tar.gz"].map(|data| used(&place, "ten.yaml", data));
    assert_eq!(one.info["sha256"], other.info["sha256"]);
    assert_eq!((one.loss, one.accuracy), (other.loss, other.accuracy));
}
