//! Image warps agree with Keras's `ImageDataGenerator` on every file of reference numbers.
//!
//! `CONVSCOPE_REFERENCE` names another folder of reference numbers than `tests/reference`; every `affine/*.npz` in it is used.

use std::path::PathBuf;

use convscope::data::augmentation::{Warp, flip_horizontally};
use convscope::shape::Shape;
use npyz::npz::NpzArchive;

const TOLERANCE: f32 = 1e-5;

fn reference() -> PathBuf {
    let folder = std::env::var_os("CONVSCOPE_REFERENCE").map(PathBuf::from);
    folder.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference"))
}

#[test]
fn warps_agree_with_keras() {
    let folder = reference().join("affine");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "npz"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no npz files in {}", folder.display());
    for file in files {
        let mut archive = NpzArchive::open(&file).unwrap();
        let images = archive.by_name("images").unwrap().unwrap();
        let lengths: Vec<usize> = images
            .shape()
            .iter()
            .map(|&length| length as usize)
            .collect();
        let shape = Shape::new(lengths[1], lengths[2], lengths.get(3).copied().unwrap_or(1));
        let images: Vec<f32> = images.into_vec().unwrap();
        let params: Vec<f32> = archive
            .by_name("params")
            .unwrap()
            .unwrap()
            .into_vec()
            .unwrap();
        let flip: Vec<i64> = archive
            .by_name("flip")
            .unwrap()
            .unwrap()
            .into_vec()
            .unwrap();
        let expected: Vec<f32> = archive.by_name("out").unwrap().unwrap().into_vec().unwrap();
        assert!(!flip.is_empty());
        let length = shape.len();
        for image in 0..flip.len() {
            let pixels = image * length..(image + 1) * length;
            let params = &params[4 * image..4 * image + 4];
            let warp = Warp {
                rotation_degrees: params[0].into(),
                shear_degrees: params[1].into(),
                shift_along_rows: params[2].into(),
                shift_along_columns: params[3].into(),
                ..Warp::NONE
            };
            let mut out = vec![0.0; length];
            warp.apply(shape, &images[pixels.clone()], &mut out);
            if flip[image] != 0 {
                flip_horizontally(shape, &mut out);
            }
            for (place, (out, expected)) in out.iter().zip(&expected[pixels]).enumerate() {
                assert!(
                    (out - expected).abs() <= TOLERANCE,
                    "{}: image {image}, {params:?}: pixel {place} is {out}, Keras has {expected}",
                    file.display()
                );
            }
        }
    }
}
