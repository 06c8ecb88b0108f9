//! Which data set the lab finds, for every place where it looks and everything that a person can ask for.

use std::fs;
use std::path::{Path, PathBuf};

use convscope::data::idx::IDX;
use convscope::data::npz::NPZ;
use convscope::data::{KNOWN_SETS, Limits, Located, Places, Source, locate_in};
use tempfile::TempDir;

const NAMES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

/// A small IDX data set of three classes in `folder`.
fn make(folder: &Path) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    let images = [
        &[0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2][..],
        &[7; 6],
    ]
    .concat();
    let labels = [&[0, 0, 8, 1, 0, 0, 0, 3][..], &[0, 1, 2]].concat();
    for name in NAMES {
        let content = if name.contains("images") {
            &images
        } else {
            &labels
        };
        fs::write(folder.join(name), content).unwrap();
    }
    folder.to_owned()
}

fn nowhere() -> Places {
    Places::default()
}

fn variable(path: &Path) -> Places {
    Places {
        variable: Some(path.to_owned()),
        ..Places::default()
    }
}

fn found(places: &Places, choice: Option<&str>) -> Located {
    locate_in(places, choice).unwrap()
}

fn error(places: &Places, choice: Option<&str>) -> String {
    locate_in(places, choice).unwrap_err().to_string()
}

const FASHION: Located = Located::Starter(&KNOWN_SETS[0], None);
const MNIST: Located = Located::Starter(&KNOWN_SETS[1], None);

#[test]
fn a_machine_without_data_has_the_starter_sets() {
    assert_eq!(found(&nowhere(), None), FASHION);
    assert_eq!(found(&nowhere(), Some("fashion-mnist")), FASHION);
    assert_eq!(found(&nowhere(), Some("fashion-mnist-starter")), FASHION);
    assert_eq!(found(&nowhere(), Some("mnist")), MNIST);
    assert_eq!(found(&nowhere(), Some("mnist-starter")), MNIST);
}

#[test]
fn places_are_asked_in_their_order() {
    let folder = TempDir::new().unwrap();
    let system = make(&folder.path().join("system/fashion-mnist"));
    let mut places = Places {
        system: vec![system.clone()],
        user: Some(folder.path().join("user")),
        ..Places::default()
    };
    assert_eq!(found(&places, None), Located::At(&IDX, system.clone()));
    assert_eq!(found(&places, Some("mnist")), MNIST);
    // Who asks for the part gets it, and is told where all of it is.
    let starter = found(&places, Some("fashion-mnist-starter"));
    let whole = system.display().to_string();
    assert_eq!(starter, Located::Starter(&KNOWN_SETS[0], Some(system)));
    let note = starter.load(&Limits::default()).unwrap().summary().note;
    assert!(
        note.ends_with(&format!(
            "the full set is in {whole}: --data fashion-mnist opens it"
        )),
        "{note}"
    );

    let user = make(&folder.path().join("user/fashion-mnist"));
    assert_eq!(found(&places, None), Located::At(&IDX, user));

    places.variable = Some(folder.path().join("variable"));
    let held = make(&folder.path().join("variable/fashion-mnist"));
    assert_eq!(found(&places, None), Located::At(&IDX, held.clone()));
    assert_eq!(
        found(&places, Some("fashion-mnist")),
        Located::At(&IDX, held)
    );
    assert_eq!(found(&places, Some("mnist")), MNIST);
}

#[test]
fn the_variable_may_name_one_set_or_a_folder_of_sets() {
    let folder = TempDir::new().unwrap();
    let own = make(&folder.path().join("pictures"));
    assert_eq!(found(&variable(&own), None), Located::At(&IDX, own.clone()));
    // These are not Fashion-MNIST: whoever asks for it by name gets it.
    assert_eq!(found(&variable(&own), Some("fashion-mnist")), FASHION);

    let mnist = make(&folder.path().join("sets/mnist"));
    let sets = variable(&folder.path().join("sets"));
    assert_eq!(
        found(&sets, Some("mnist")),
        Located::At(&IDX, mnist.clone())
    );
    assert_eq!(found(&sets, Some("fashion-mnist")), FASHION);
    assert_eq!(found(&sets, None), Located::At(&IDX, mnist.clone()));
    // A folder with a known set's name holds that set.
    assert_eq!(
        found(&variable(&mnist), Some("mnist")),
        Located::At(&IDX, mnist)
    );
}

#[test]
fn a_variable_that_leads_nowhere_is_an_error() {
    let folder = TempDir::new().unwrap();
    let gone = variable(&folder.path().join("gone"));
    for choice in [None, Some("fashion-mnist"), Some("mnist")] {
        let error = error(&gone, choice);
        assert!(error.contains("$CONVSCOPE_DATA is "), "{error}");
        assert!(error.contains("gone, which does not exist"), "{error}");
    }
    // Neither a path nor the part in the program needs the variable.
    let own = make(&folder.path().join("pictures"));
    assert_eq!(found(&gone, own.to_str()), Located::At(&IDX, own));
    assert_eq!(found(&gone, Some("mnist-starter")), MNIST);

    let empty = error(&variable(folder.path()), Some("mnist"));
    assert!(
        empty.contains("(what can be opened: an npz file, a folder of IDX files ("),
        "{empty}"
    );
    let advice = format!(
        "found a folder with 4 files of other kinds in its folders; choose {}/pictures instead",
        folder.path().display()
    );
    assert!(empty.contains(&advice), "{empty}");
    fs::remove_dir_all(folder.path().join("pictures")).unwrap();
    let empty = error(&variable(folder.path()), Some("mnist"));
    assert!(
        empty.contains(
            "found a folder without files; choose another path, or a known set by its name"
        ),
        "{empty}"
    );
}

#[test]
fn broken_data_is_an_error_and_never_passed_over() {
    let folder = TempDir::new().unwrap();
    let user = folder.path().join("fashion-mnist");
    fs::create_dir(&user).unwrap();
    let places = Places {
        user: Some(folder.path().to_owned()),
        ..Places::default()
    };
    let error = found(&places, None)
        .load(&Limits::default())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("train-images-idx3-ubyte not found, with or without .gz"),
        "{error}"
    );
}

#[test]
fn a_path_names_a_folder() {
    let folder = TempDir::new().unwrap();
    let own = make(&folder.path().join("pictures"));
    assert_eq!(
        found(&nowhere(), own.to_str()),
        Located::At(&IDX, own.clone())
    );
    let places = Places {
        home: Some(folder.path().to_owned()),
        ..Places::default()
    };
    assert_eq!(
        found(&places, Some("~/pictures")),
        Located::At(&IDX, own.clone())
    );

    // The training images stand for the set, any other file only for itself.
    let images = own.join(NAMES[0]);
    assert_eq!(
        found(&nowhere(), images.to_str()),
        Located::At(&IDX, images)
    );
    let file = own.join(NAMES[1]);
    let message = error(&nowhere(), file.to_str());
    assert!(
        message.contains("found a single file; choose its folder "),
        "{message}"
    );

    make(&folder.path().join("mnist"));
    let message = error(&nowhere(), folder.path().to_str());
    assert!(
        message.contains("found a folder of data sets; choose "),
        "{message}"
    );
}

#[test]
fn what_is_not_read_is_named_with_a_way_on() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    for (name, bytes, what, way) in [
        (
            "train.parquet",
            &b"PAR1"[..],
            "a Parquet file",
            "pandas.read_parquet(",
        ),
        // The content counts, where it tells.
        ("a.dat", b"PAR1", "a Parquet file", "pandas.read_parquet("),
        (
            "train_32x32.mat",
            b"MATLAB 5.0 MAT-file",
            "a MATLAB file",
            "scipy.io.loadmat(",
        ),
        (
            "new.mat",
            b"MATLAB 7.3 MAT-file",
            "a MATLAB file of version 7.3",
            "h5py.File(",
        ),
        ("a.h5", b"\x89HDF\r\n\x1a\n", "an HDF5 file", "h5py.File("),
        ("a.pkl", b"(dp0", "a Python pickle", "pickle.load("),
        (
            "data_batch_1",
            b"\x80\x02}q",
            "a Python pickle",
            "pickle.load(",
        ),
        ("training.pt", b"PK", "a file of PyTorch", "torch.load("),
        (
            "a.tfrecord",
            b"",
            "a TFRecord file",
            "tf.data.TFRecordDataset",
        ),
        (
            "a.feather",
            b"ARROW1",
            "a Feather file",
            "pandas.read_feather(",
        ),
        ("a.arrow", b"", "an Arrow file", "pyarrow.ipc.open_stream("),
        ("a.tar.bz2", b"BZh9", "compressed by bzip2", "`tar xf '"),
        ("a.rar", b"Rar!", "a RAR archive", "`unrar x '"),
        ("a.7z", b"7z", "a 7z archive", "`7z x '"),
    ] {
        fs::write(path(name), bytes).unwrap();
        let message = error(&nowhere(), path(name).to_str());
        let expected = format!("{name}: this is {what}, which is not read; ");
        assert!(message.contains(&expected), "{message}");
        assert!(message.contains(way), "{message}");
        fs::remove_file(path(name)).unwrap();
    }
}

#[test]
fn a_folder_says_what_is_in_it() {
    let folder = TempDir::new().unwrap();
    let message = |files: &[&str]| {
        let files: Vec<_> = files.iter().map(|name| folder.path().join(name)).collect();
        for file in &files {
            fs::write(file, "").unwrap();
        }
        let message = error(&nowhere(), folder.path().to_str());
        for file in &files {
            fs::remove_file(file).unwrap();
        }
        message.replace(&folder.path().display().to_string(), "HERE")
    };
    let parquet = message(&["b.txt", "0.parquet", "1.parquet", "2.parquet", "README"]);
    assert!(
        parquet.contains("found a folder with 3 Parquet files and 2 others; turn it into an npz"),
        "{parquet}"
    );
    assert!(
        parquet.contains("read_parquet('HERE/0.parquet')"),
        "{parquet}"
    );
    let archive = message(&["photos.tar.gz", "notes.txt"]);
    assert!(
        archive.contains(
            "found a folder with 1 archive and 1 other; choose HERE/photos.tar.gz instead"
        ),
        "{archive}"
    );
    let lone = message(&["X_train.npy"]);
    assert!(
        lone.contains("found a folder with 1 numpy array; labels are missing for X_train.npy: put y_train.npy beside it"),
        "{lone}"
    );
    let others = message(&["notes.txt", "a.doc"]);
    assert!(
        others.contains("found a folder with 2 files of other kinds; choose another path"),
        "{others}"
    );
}

#[test]
fn a_lone_array_says_what_is_missing() {
    let folder = TempDir::new().unwrap();
    for (name, expected) in [
        ("x.npy", "labels are missing for x.npy: put y.npy beside it"),
        (
            "train_labels.npy",
            "images are missing for train_labels.npy: put train_images.npy beside it",
        ),
        (
            "photos.npy",
            "photos.npy does not say what it holds: call images x.npy, and put their labels beside it as y.npy",
        ),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, "").unwrap();
        let message = error(&nowhere(), path.to_str());
        let expected = format!("found a numpy array alone; {expected}");
        assert!(message.contains(&expected), "{message}");
        fs::remove_file(path).unwrap();
    }
}

/// Whichever of the folders around it is opened.
#[test]
fn a_lone_array_in_a_folder_says_what_is_missing() {
    let folder = TempDir::new().unwrap();
    let lone = folder.path().join("sets/lone");
    fs::create_dir_all(&lone).unwrap();
    fs::write(lone.join("x.npy"), "").unwrap();
    for (path, found) in [
        (&*lone, "a folder with 1 numpy array"),
        (
            lone.parent().unwrap(),
            "a folder with 1 numpy array in its folders",
        ),
        (folder.path(), "a folder with 1 numpy array in its folders"),
    ] {
        let message = error(&nowhere(), path.to_str());
        let expected = format!("found {found}; labels are missing for x.npy: put y.npy beside it");
        assert!(message.contains(&expected), "{message}");
    }
    // With labels, the folder is a set.
    fs::write(lone.join("y.npy"), "").unwrap();
    let advice = format!("choose {} instead", lone.display());
    for path in [lone.parent().unwrap(), folder.path()] {
        let message = error(&nowhere(), path.to_str());
        assert!(message.contains(&advice), "{message}");
    }
}

#[test]
fn an_unknown_name_gets_the_nearest_known_one() {
    assert_eq!(
        error(&nowhere(), Some("fashon-mnist")),
        "`fashon-mnist` is not a file, folder or known data set; known sets are fashion-mnist, fashion-mnist-starter, mnist, mnist-starter, kmnist, qmnist, emnist-balanced, emnist-byclass, emnist-bymerge, emnist-digits, emnist-letters, emnist-mnist, cifar10, cifar100, bloodmnist, breastmnist, dermamnist, octmnist, organamnist, organcmnist, organsmnist, pathmnist, pneumoniamnist, retinamnist, tissuemnist, synthetic-digits; did you mean fashion-mnist?"
    );
    let message = error(&nowhere(), Some("/no/such/folder"));
    assert!(message.ends_with("use one of them or a path"), "{message}");
}

#[test]
fn class_names_of_a_known_folder_are_its_own() {
    let folder = TempDir::new().unwrap();
    let set = Located::At(&IDX, make(&folder.path().join("fashion-mnist")))
        .load(&Limits::default())
        .unwrap();
    assert_eq!(set.name, "Fashion-MNIST");
    assert_eq!(set.class_names()[9], "Ankle boot");
    assert_eq!(set.class_names()[6], "Shirt");
    assert!(matches!(set.source(), Source::At(format, ..) if *format == &IDX));
}

#[test]
fn starter_sets_are_the_first_images_of_the_whole_ones() {
    for (located, title, first_train, first_test, note) in [
        (
            FASHION,
            "Fashion-MNIST starter",
            [9, 0, 0, 3, 0, 2, 7, 2],
            [9, 2, 1, 1, 6, 1, 4, 6],
            "starter set: 10,000 of 60,000 training and 2,000 of 10,000 test images; to get the rest, run `convscope data fetch fashion-mnist`, install Debian's package dataset-fashion-mnist, or set --data",
        ),
        (
            MNIST,
            "MNIST starter",
            [5, 0, 4, 1, 9, 2, 1, 3],
            [7, 2, 1, 0, 4, 1, 4, 9],
            "starter set: 10,000 of 60,000 training and 2,000 of 10,000 test images; to get the rest, run `convscope data fetch mnist`, or set --data",
        ),
    ] {
        let set = located.load(&Limits::default()).unwrap();
        assert_eq!(set.name, title);
        assert_eq!((set.train().len(), set.test().len()), (10_000, 2_000));
        assert_eq!(set.train().labels()[..8], first_train);
        assert_eq!(set.test().labels()[..8], first_test);
        assert_eq!(set.classes(), 10);
        let summary = set.summary();
        assert!(summary.note.starts_with(note));
        assert_eq!(summary.memory, 12_000 * (784 + 2));
        assert_eq!(summary.train_counts.iter().sum::<usize>(), 10_000);
        // Ink in the middle, none in the corners: rows and columns are where they should be.
        let mut mean = [0_u32; 784];
        for image in 0..set.test().len() {
            for (sum, pixel) in mean.iter_mut().zip(set.test().image_u8(image)) {
                *sum += u32::from(pixel);
            }
        }
        assert!(mean[14 * 28 + 14] > 50 * 2_000 && mean[0] < 2_000 && mean[783] < 2_000);
    }
}

#[test]
fn a_known_set_that_is_not_here_says_how_to_get_it() {
    assert_eq!(
        error(&nowhere(), Some("cifar10")),
        "cifar10 is not on this machine; `convscope data fetch cifar10` downloads it (170.1 MB, licence: none stated)"
    );
    let letters = error(&nowhere(), Some("emnist-letters"));
    assert!(
        letters.contains("downloads it (561.8 MB for 6 sets, "),
        "{letters}"
    );
    assert_eq!(
        error(&nowhere(), Some("chestmnist")),
        "chestmnist cannot be used: it is multi-label: an image has up to 14 diseases at once, and convscope sorts each image into one class; choose another set"
    );
    // Only a set with a starter set has one.
    assert!(error(&nowhere(), Some("kmnist-starter")).contains("did you mean"));
}

#[test]
fn a_fetched_set_is_found_as_the_files_that_it_has() {
    let folder = TempDir::new().unwrap();
    let places = Places {
        user: Some(folder.path().to_owned()),
        ..Places::default()
    };
    let kmnist = make(&folder.path().join("kmnist"));
    assert_eq!(found(&places, Some("kmnist")), Located::At(&IDX, kmnist));
    let set = found(&places, Some("kmnist")).load(&Limits::default());
    assert_eq!(set.unwrap().class_names()[2], "su");
    // One file is opened itself, by its own format.
    let blood = folder.path().join("bloodmnist");
    fs::create_dir(&blood).unwrap();
    let file = blood.join("bloodmnist.npz");
    fs::write(&file, "").unwrap();
    assert_eq!(found(&places, Some("bloodmnist")), Located::At(&NPZ, file));
}
