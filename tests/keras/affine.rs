//! Image warps agree with Keras's `ImageDataGenerator` on every file of reference numbers.
//!
//! `CONVSCOPE_REFERENCE` names another folder of reference numbers than `tests/reference`; every `affine/*.npz` in it is used.

use std::path::PathBuf;

use convscope::data::augmentation::{Warp, flip_horizontally};
use convscope::shape::Shape;

const TOLERANCE: f32 = 1e-5;

#[test]
fn warps_agree_with_keras() {
    let folder = crate::support::folder().join("affine");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "npz"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no npz files in {}", folder.display());
    for file in files {
        let (lengths, images) = crate::support::read(&file, "images");
        let shape = Shape::new(lengths[1], lengths[2], lengths.get(3).copied().unwrap_or(1));
        let (_, params) = crate::support::read(&file, "params");
        let flip: Vec<i64> = crate::support::array(&file, "flip").into_vec().unwrap();
        let (_, expected) = crate::support::read(&file, "out");
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
