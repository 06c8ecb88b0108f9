//! Pictures out of the loaded sets: pages of them, one exactly, one as training would change it.

use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

use super::Sink;
use super::library::Library;
use super::protocol::{Event, ImagePage, ImageRequest, LabelledImage, Order};
use super::set_questions::{AugmentedImages, AugmentedRequest, PixelRequest, PixelValues};
use crate::data::{Augmentation, Dataset, Split, SplitName};

/// A random selection is at least so long, so that it is the same however much of it is asked for.
const RANDOM_SELECTION: usize = 400;

/// Sends the pictures that were asked for.
pub fn send_page(request: &ImageRequest, library: &Library, events: &Sink) -> Result<(), String> {
    let dataset = library.set(&request.dataset)?;
    let split = split(&dataset, request.split);
    let matching: Vec<usize> = match request.class {
        None => (0..split.len()).collect(),
        Some(class) => (0..split.len())
            .filter(|&index| usize::from(split.labels()[index]) == class)
            .collect(),
    };
    let chosen: Vec<usize> = match request.order {
        Order::Random { seed, from } => {
            let mut random = Pcg64Mcg::seed_from_u64(seed);
            let length = RANDOM_SELECTION.max(from + request.count);
            let length = length.min(matching.len());
            let positions = rand::seq::index::sample(&mut random, matching.len(), length);
            positions
                .iter()
                .skip(from)
                .take(request.count)
                .map(|position| matching[position])
                .collect()
        }
        Order::Sequential { from } => {
            let rest = matching.iter().copied().skip(from);
            rest.take(request.count).collect()
        }
    };
    let images = chosen.into_iter().map(|index| LabelledImage {
        index,
        label: split.labels()[index],
        pixels: split.image_u8(index),
    });
    events.send(Event::Images(ImagePage {
        request: request.request,
        dataset: request.dataset.clone(),
        split: request.split,
        shape: split.shape(),
        matching: matching.len(),
        images: images.collect(),
    }));
    Ok(())
}

/// Sends one image's pixels as they are.
pub fn send_pixels(request: &PixelRequest, library: &Library, events: &Sink) -> Result<(), String> {
    let dataset = library.set(&request.dataset)?;
    let split = split(&dataset, request.split);
    events.send(Event::Pixels(PixelValues {
        request: request.request,
        values: image(&dataset, split, request.image)?,
    }));
    Ok(())
}

/// Sends what training would make of an image in each of some epochs.
pub fn send_augmented(
    request: &AugmentedRequest,
    library: &Library,
    events: &Sink,
) -> Result<(), String> {
    let dataset = library.set(&request.dataset)?;
    let split = split(&dataset, request.split);
    let shape = split.shape();
    let augmentation = Augmentation::new(request.settings, shape, request.seed)
        .map_err(|error| error.to_string())?;
    let original = image(&dataset, split, request.image)?;
    let mut scratch = vec![0.0; shape.len()];
    let epochs = (request.epoch..).take(request.count);
    let versions = epochs.map(|epoch| {
        let mut changed = original.clone();
        augmentation.apply(epoch, request.image as u32, &mut changed, &mut scratch);
        let pixels = changed.iter();
        pixels.map(|value| (255.0 * value).round() as u8).collect()
    });
    events.send(Event::Augmented(AugmentedImages {
        request: request.request,
        shape,
        epoch: request.epoch,
        versions: versions.collect(),
    }));
    Ok(())
}

fn split(dataset: &Dataset, name: SplitName) -> &Split {
    match name {
        SplitName::Train => dataset.train(),
        SplitName::Test => dataset.test(),
    }
}

/// Image `index` in [0, 1].
fn image(dataset: &Dataset, split: &Split, index: usize) -> Result<Vec<f32>, String> {
    if index >= split.len() {
        return Err(format!(
            "{}: image {index} was asked for, and there are {}",
            dataset.name,
            split.len()
        ));
    }
    let mut image = vec![0.0; split.shape().len()];
    split.image(index, &mut image);
    Ok(image)
}
