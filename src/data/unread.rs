//! Files that hold images and are not read: what they are, and the lines that turn them into what is read.
//!
//! A new one is one entry in [`UNREAD`]: messages about files, folders and archives are made from it.

use std::path::Path;

use super::formats::signature::start_of;

/// A kind of file that is not read.
#[derive(Debug, PartialEq, Eq)]
pub struct Unread {
    /// `a Parquet file`.
    pub one: &'static str,
    /// `Parquet file`, of which there are several.
    pub name: &'static str,
    /// What follows the last dots of its names, in small letters.
    endings: &'static [&'static str],
    /// What its content begins with, where that is sure.
    starts: &'static [&'static [u8]],
    /// What to do; FILE stands for its path and STEM for that without its ending.
    way: &'static str,
}

/// What to do with a table of encoded images, which this library opens with this call.
macro_rules! of_table {
    ($library:literal, $opened:literal) => {
        concat!(
            "turn it into an npz file with Python (images in the column image, their classes in label, as Hugging Face has them): `import io, numpy, ",
            $library,
            ", PIL.Image as P; t = ",
            $opened,
            "` `numpy.savez('STEM.npz', x=numpy.stack([P.open(io.BytesIO(i['bytes'])) for i in t['image']]), y=t['label'])`"
        )
    };
}

/// Every kind; of several that fit a name, the first is meant.
pub static UNREAD: &[Unread] = &[
    Unread {
        one: "a Parquet file",
        name: "Parquet file",
        endings: &["parquet"],
        starts: &[b"PAR1"],
        way: of_table!("pandas", "pandas.read_parquet('FILE')"),
    },
    Unread {
        one: "a MATLAB file of version 7.3",
        name: "MATLAB file",
        endings: &[],
        starts: &[b"MATLAB 7.3"],
        way: "turn it into an npz file with Python (images in X, labels in y): `import h5py, numpy; m = h5py.File('FILE')` `numpy.savez('STEM.npz', x=m['X'][()].transpose(0, 3, 2, 1), y=m['y'][()].ravel())`",
    },
    Unread {
        one: "a MATLAB file",
        name: "MATLAB file",
        endings: &["mat"],
        starts: &[b"MATLAB 5.0"],
        way: "turn it into an npz file with Python (images in X and labels in y, as SVHN has them): `import numpy, scipy.io; m = scipy.io.loadmat('FILE')` `numpy.savez('STEM.npz', x=m['X'].transpose(3, 0, 1, 2), y=m['y'])`",
    },
    Unread {
        one: "an HDF5 file",
        name: "HDF5 file",
        endings: &["h5", "hdf5", "hdf"],
        starts: &[b"\x89HDF"],
        way: "turn it into an npz file with Python (list(f) names what is in it): `import h5py, numpy; f = h5py.File('FILE')` `numpy.savez('STEM.npz', x=f['images'][()], y=f['labels'][()])`",
    },
    Unread {
        one: "a Python pickle",
        name: "Python pickle",
        endings: &["pkl", "pickle", "p"],
        starts: &[b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"],
        way: "if you trust it, since a pickle may run programs, turn it into an npz file with Python (images in data, labels in labels; rows of CIFAR need numpy.reshape(d['data'], (-1, 3, 32, 32))): `import numpy, pickle; d = pickle.load(open('FILE', 'rb'), encoding='latin1')` `numpy.savez('STEM.npz', x=d['data'], y=d['labels'])`",
    },
    Unread {
        one: "a file of PyTorch",
        name: "PyTorch file",
        endings: &["pt", "pth"],
        starts: &[],
        way: "turn it into an npz file with Python (images and labels as a pair of tensors): `import numpy, torch; d = torch.load('FILE')` `numpy.savez('STEM.npz', x=d[0].numpy(), y=d[1].numpy())`",
    },
    Unread {
        one: "a TFRecord file",
        name: "TFRecord file",
        endings: &["tfrecord", "tfrecords"],
        starts: &[],
        way: "turn it into npy or npz files with TensorFlow, whose tf.data.TFRecordDataset reads it: images in x, their classes in y",
    },
    Unread {
        one: "a Feather file",
        name: "Feather file",
        endings: &["feather"],
        starts: &[b"ARROW1", b"FEA1"],
        way: of_table!("pandas", "pandas.read_feather('FILE')"),
    },
    Unread {
        one: "an Arrow file",
        name: "Arrow file",
        endings: &["arrow"],
        starts: &[],
        way: of_table!("pyarrow", "pyarrow.ipc.open_stream('FILE').read_pandas()"),
    },
    Unread {
        one: "a 7z archive",
        name: "7z archive",
        endings: &["7z"],
        starts: &[b"7z\xbc\xaf"],
        way: UNPACK_7Z,
    },
    Unread {
        one: "a RAR archive",
        name: "RAR archive",
        endings: &["rar"],
        starts: &[b"Rar!\x1a\x07"],
        way: "unpack it, for example with `unrar x 'FILE'`, and open the folder",
    },
    Unread {
        one: "compressed by bzip2",
        name: "bzip2 file",
        endings: &["bz2", "tbz", "tbz2"],
        starts: &[b"BZh"],
        way: UNPACK_TAR,
    },
    Unread {
        one: "compressed by xz",
        name: "xz file",
        endings: &["xz", "txz"],
        starts: &[b"\xfd7zXZ"],
        way: UNPACK_TAR,
    },
    Unread {
        one: "compressed by Zstandard",
        name: "Zstandard file",
        endings: &["zst", "tzst"],
        starts: &[b"\x28\xb5\x2f\xfd"],
        way: UNPACK_TAR,
    },
    Unread {
        one: "a part of a split zip archive",
        name: "part of a split zip archive",
        endings: &["z01", "zip.001"],
        starts: &[],
        way: UNPACK_7Z,
    },
];

const UNPACK_7Z: &str = "unpack it, for example with `7z x 'FILE'`, and open the folder";
const UNPACK_TAR: &str = "unpack it, for example with `tar xf 'FILE'`, and open the folder";

impl Unread {
    /// The kind of a file by its name alone.
    pub fn named(path: &Path) -> Option<&'static Self> {
        let name = path.file_name()?.to_string_lossy().to_lowercase();
        UNREAD.iter().find(|kind| {
            let mut endings = kind.endings.iter();
            endings.any(|ending| {
                let stem = name.strip_suffix(ending);
                stem.is_some_and(|stem| stem.ends_with('.') && stem.len() > 1)
            })
        })
    }

    /// The kind of what begins with these bytes.
    pub fn begins(start: &[u8]) -> Option<&'static Self> {
        let mut kinds = UNREAD.iter();
        kinds.find(|kind| kind.starts.iter().any(|mark| start.starts_with(mark)))
    }

    /// The kind of the file at `path`, by its content or else by its name.
    pub fn of(path: &Path) -> Option<&'static Self> {
        let start = start_of(path);
        let known = start.ok().and_then(|start| Self::begins(&start));
        known.or_else(|| Self::named(path))
    }

    /// What to do with the file at `path`.
    pub fn way(&self, path: &Path) -> String {
        // As in a text of Python and of a shell.
        let quoted = |path: &Path| path.display().to_string().replace('\'', "\\'");
        let way = self.way.replace("FILE", &quoted(path));
        way.replace("STEM", &quoted(&path.with_extension("")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_found_by_name_and_by_content() {
        let one = |path: &str| Unread::named(Path::new(path)).map(|kind| kind.one);
        for (path, expected) in [
            ("train-00000-of-00001.parquet", Some("a Parquet file")),
            ("train_32x32.MAT", Some("a MATLAB file")),
            ("photos.tar.bz2", Some("compressed by bzip2")),
            ("photos.zip.001", Some("a part of a split zip archive")),
            ("photos.zip", None),
            (".pt", None),
            ("apt", None),
            ("notes.txt", None),
        ] {
            assert_eq!(one(path), expected, "{path}");
        }
        let begins = |start: &[u8]| Unread::begins(start).map(|kind| kind.one);
        assert_eq!(begins(b"PAR1\x15"), Some("a Parquet file"));
        let matlab = b"MATLAB 7.3 MAT-file";
        assert_eq!(begins(matlab), Some("a MATLAB file of version 7.3"));
        assert_eq!(begins(b"\x80\x04\x95"), Some("a Python pickle"));
        assert_eq!(begins(b""), None);
    }

    #[test]
    fn the_way_on_names_the_file() {
        let path = Path::new("my sets/train.mat");
        let way = Unread::named(path).unwrap().way(path);
        assert!(way.contains("loadmat('my sets/train.mat')"), "{way}");
        assert!(way.contains("savez('my sets/train.npz'"), "{way}");
        for kind in UNREAD {
            assert!(
                kind.way.contains("npz") || kind.way.contains("FILE"),
                "{kind:?}"
            );
        }
    }
}
