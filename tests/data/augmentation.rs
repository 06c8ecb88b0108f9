//! Augmentation: what each setting does, and that seed, epoch and index alone decide what happens.

use convscope::data::augmentation::{Warp, flip_horizontally};
use convscope::data::{AugmentSettings, Augmentation, Pixels, Split};
use convscope::shape::Shape;

const SHAPE: Shape = Shape::new(12, 10, 1);

fn split(shape: Shape, images: usize) -> Split {
    let pixels = (0..images * shape.len())
        .map(|place| (place * 37 % 256) as u8)
        .collect();
    Split::new(shape, Pixels::U8(pixels), vec![0; images])
}

fn everything() -> AugmentSettings {
    AugmentSettings {
        rotation: 12.0,
        shear: 7.0,
        width_shift: 0.1,
        height_shift: 0.1,
        zoom: 0.1,
        horizontal_flip: true,
        erasing: 0.5,
        brightness: 0.2,
        noise: 0.05,
    }
}

fn gather(
    settings: AugmentSettings,
    seed: u64,
    epoch: u64,
    indices: &[u32],
    threads: usize,
) -> Vec<f32> {
    let split = split(SHAPE, 40);
    let augmentation = Augmentation::new(settings, SHAPE, seed).unwrap();
    let mut out = vec![9.0; indices.len() * SHAPE.len()];
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    pool.install(|| augmentation.gather(&split, epoch, indices, &mut out));
    out
}

fn plain(indices: &[u32]) -> Vec<f32> {
    let mut out = vec![0.0; indices.len() * SHAPE.len()];
    split(SHAPE, 40).gather(indices, &mut out);
    out
}

#[test]
fn seed_epoch_and_index_alone_decide() {
    let all: Vec<u32> = (0..40).collect();
    let first = gather(everything(), 1, 0, &all, 1);
    assert_eq!(first, gather(everything(), 1, 0, &all, 3));
    let some = gather(everything(), 1, 0, &[17, 3], 2);
    assert_eq!(some[..120], first[17 * 120..18 * 120]);
    assert_eq!(some[120..], first[3 * 120..4 * 120]);
    assert_ne!(first, gather(everything(), 2, 0, &all, 1));
    assert_ne!(first, gather(everything(), 1, 1, &all, 1));
    assert!(first.iter().all(|value| (0.0..=1.0).contains(value)));
    // Two copies of one image in an epoch are the same image.
    assert_eq!(
        gather(everything(), 1, 0, &[5, 5], 1)[..120],
        first[5 * 120..6 * 120]
    );
}

#[test]
fn no_settings_change_nothing() {
    let indices = [3, 1, 39];
    assert_eq!(
        gather(AugmentSettings::default(), 1, 0, &indices, 1),
        plain(&indices)
    );
    assert!(AugmentSettings::default().is_none());
}

#[test]
fn a_flip_mirrors_about_half_of_the_images() {
    let all: Vec<u32> = (0..40).collect();
    let settings = AugmentSettings {
        horizontal_flip: true,
        ..AugmentSettings::default()
    };
    let (out, plain) = (gather(settings, 1, 0, &all, 1), plain(&all));
    let mut flipped = 0;
    for (out, plain) in out.chunks(120).zip(plain.chunks(120)) {
        if out != plain {
            let mut mirrored = plain.to_vec();
            flip_horizontally(SHAPE, &mut mirrored);
            assert_eq!(out, mirrored);
            flipped += 1;
        }
    }
    assert!((10..=30).contains(&flipped), "{flipped}");
}

#[test]
fn shifts_move_by_up_to_their_share() {
    // A single bright column: its middle moves by as much as the image does.
    let shape = Shape::new(3, 41, 1);
    let mut pixels = vec![0; shape.len()];
    (0..3).for_each(|row| pixels[row * 41 + 20] = 255);
    let split = Split::new(shape, Pixels::U8(pixels), vec![0]);
    let settings = AugmentSettings {
        width_shift: 0.2,
        ..AugmentSettings::default()
    };
    let augmentation = Augmentation::new(settings, shape, 3).unwrap();
    let mut places = Vec::new();
    for epoch in 0..200 {
        let mut out = vec![0.0; shape.len()];
        augmentation.gather(&split, epoch, &[0], &mut out);
        let row = &out[41..82];
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        let place: f32 = row
            .iter()
            .enumerate()
            .map(|(column, value)| column as f32 * value)
            .sum();
        places.push(place - 20.0);
    }
    let (least, most) = places
        .iter()
        .fold((0.0_f32, 0.0_f32), |(least, most), &place| {
            (least.min(place), most.max(place))
        });
    assert!((-8.2 - 1e-4..-7.0).contains(&least), "{least}");
    assert!((7.0..=8.2 + 1e-4).contains(&most), "{most}");
}

#[test]
fn zoom_shrinks_by_its_factor() {
    let shape = Shape::new(1, 41, 1);
    let line: Vec<f32> = (0..41).map(|column| column as f32 / 40.0).collect();
    let mut out = vec![0.0; 41];
    let warp = Warp {
        zoom_along_rows: 0.5,
        ..Warp::NONE
    };
    warp.apply(shape, &line, &mut out);
    for (column, value) in out.iter().enumerate() {
        assert!((value - (10.0 + column as f32 / 2.0) / 40.0).abs() < 1e-6);
    }
}

#[test]
fn a_half_turn_reverses_each_channel() {
    let shape = Shape::new(5, 4, 3);
    let image: Vec<f32> = (0..shape.len()).map(|place| place as f32).collect();
    let mut out = vec![0.0; shape.len()];
    Warp {
        rotation_degrees: 180.0,
        ..Warp::NONE
    }
    .apply(shape, &image, &mut out);
    for (pixel, out) in out.chunks(3).enumerate() {
        let expected = &image[3 * (19 - pixel)..3 * (20 - pixel)];
        assert!(
            out.iter()
                .zip(expected)
                .all(|(out, expected)| (out - expected).abs() < 1e-4)
        );
    }
}

#[test]
fn brightness_noise_and_erasing_keep_to_their_ranges() {
    let shape = Shape::new(20, 20, 1);
    let split = Split::new(shape, Pixels::F32(vec![0.5; shape.len()]), vec![0]);
    let out = |settings: AugmentSettings, epoch| {
        let mut out = vec![0.0; shape.len()];
        Augmentation::new(settings, shape, 1)
            .unwrap()
            .gather(&split, epoch, &[0], &mut out);
        out
    };
    let none = AugmentSettings::default();
    let mut factors = Vec::new();
    for epoch in 0..100 {
        let image = out(
            AugmentSettings {
                brightness: 0.4,
                ..none
            },
            epoch,
        );
        assert!(image.iter().all(|value| *value == image[0]));
        factors.push(image[0] / 0.5);
    }
    assert!(factors.iter().all(|factor| (0.6..=1.4).contains(factor)));
    assert!(
        factors.iter().any(|factor| *factor < 0.7) && factors.iter().any(|factor| *factor > 1.3)
    );

    let noisy = out(AugmentSettings { noise: 0.1, ..none }, 0);
    let mean = noisy.iter().sum::<f32>() / 400.0;
    let deviation = (noisy
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f32>()
        / 400.0)
        .sqrt();
    assert!(
        (mean - 0.5).abs() < 0.02 && (deviation - 0.1).abs() < 0.015,
        "{mean} {deviation}"
    );

    for epoch in 0..100 {
        let image = out(
            AugmentSettings {
                erasing: 1.0,
                ..none
            },
            epoch,
        );
        let changed: Vec<usize> = (0..400).filter(|&place| image[place] != 0.5).collect();
        assert!((2..=160).contains(&changed.len()), "{}", changed.len());
        let rows = changed.last().unwrap() / 20 - changed[0] / 20 + 1;
        assert_eq!(changed.len() % rows, 0, "a rectangle");
    }
    let some = (0..200)
        .filter(|&epoch| {
            out(
                AugmentSettings {
                    erasing: 0.25,
                    ..none
                },
                epoch,
            )
            .iter()
            .any(|value| *value != 0.5)
        })
        .count();
    assert!((30..=70).contains(&some), "{some}");
}

#[test]
fn settings_out_of_range_are_named() {
    for (settings, text) in [
        (
            AugmentSettings {
                rotation: -1.0,
                ..everything()
            },
            "rotation: expected a number from 0 to 180, found -1;",
        ),
        (
            AugmentSettings {
                zoom: 0.95,
                ..everything()
            },
            "zoom: expected a number from 0 to 0.9, found 0.95;",
        ),
        (
            AugmentSettings {
                noise: f32::NAN,
                ..everything()
            },
            "noise: expected a number from 0 to 1, found NaN;",
        ),
    ] {
        let error = Augmentation::new(settings, SHAPE, 1)
            .unwrap_err()
            .to_string();
        assert!(error.starts_with(text), "{error}");
    }
}

#[test]
fn settings_are_plain_yaml_and_flipped_digits_are_warned_of() {
    let settings: AugmentSettings =
        serde_yaml::from_str("{rotation: 12, shear: 7, width_shift: 0.075, horizontal_flip: true}")
            .unwrap();
    assert_eq!(
        (settings.rotation, settings.width_shift, settings.noise),
        (12.0, 0.075, 0.0)
    );
    assert!(serde_yaml::from_str::<AugmentSettings>("{sheer: 7}").is_err());
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert!(settings.warning(&names(&["0", "1"])).is_some());
    assert!(settings.warning(&names(&["Shirt", "Bag"])).is_none());
    assert!(
        AugmentSettings::default()
            .warning(&names(&["0", "1"]))
            .is_none()
    );
}
