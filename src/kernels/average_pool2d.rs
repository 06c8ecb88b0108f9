//! Average pooling with windows that do not overlap.

use super::pieces::{PIECE, for_pieces};
use super::tier::in_every_tier;
use crate::shape::Shape;

/// Windows of `window` pixels (height, width), strides equal to them, only those inside the image; a window as large as the image
/// pools all of it.
#[derive(Clone, Copy, Debug)]
pub struct AveragePool2d {
    /// Images.
    pub batch: usize,
    /// Of each image.
    pub input: Shape,
    /// Height and width.
    pub window: (usize, usize),
}

impl AveragePool2d {
    /// The shape of one output image.
    pub const fn output(&self) -> Shape {
        Shape::new(
            self.input.height / self.window.0,
            self.input.width / self.window.1,
            self.input.channels,
        )
    }

    /// Pixels in a window.
    pub const fn area(&self) -> usize {
        self.window.0 * self.window.1
    }

    fn images_in_a_piece(&self) -> usize {
        (PIECE / self.input.len()).max(1)
    }
}

/// The mean of each window into `output`, `[batch, height / window.0, width / window.1, channels]`.
pub fn forward(pool: &AveragePool2d, input: &[f32], output: &mut [f32]) {
    let (group, length) = (pool.images_in_a_piece(), pool.output().len());
    for_pieces(output, group * length, |piece, output| {
        let images = output.len() / length;
        let input = &input[piece * group * pool.input.len()..][..images * pool.input.len()];
        take_means(pool, input, output);
    });
}

in_every_tier! {
    fn take_means(pool: &AveragePool2d, input: &[f32], output: &mut [f32]) {
        let (shape, pooled, (height, width)) = (pool.input, pool.output(), pool.window);
        let (channels, share) = (shape.channels, 1.0 / pool.area() as f32);
        // Each row of the window is summed separately: sums of sums lose fewer digits in large windows.
        let mut row = vec![0.0; channels];
        for (index, output) in output.chunks_exact_mut(channels).enumerate() {
            let (line, ox) = (index / pooled.width, index % pooled.width);
            let (image, oy) = (line / pooled.height, line % pooled.height);
            output.fill(0.0);
            for y in oy * height..(oy + 1) * height {
                let start = ((image * shape.height + y) * shape.width + ox * width) * channels;
                row.fill(0.0);
                for pixel in input[start..][..width * channels].chunks_exact(channels) {
                    for (sum, value) in row.iter_mut().zip(pixel) {
                        *sum += value;
                    }
                }
                for (sum, value) in output.iter_mut().zip(&row) {
                    *sum += value;
                }
            }
            for value in output {
                *value *= share;
            }
        }
    }
}

/// The gradient with respect to the input, written whole: each output's gradient in equal parts, zero outside the windows.
pub fn gradient(pool: &AveragePool2d, output_gradient: &[f32], input_gradient: &mut [f32]) {
    let (group, length) = (pool.images_in_a_piece(), pool.output().len());
    for_pieces(
        input_gradient,
        group * pool.input.len(),
        |piece, input_gradient| {
            let images = input_gradient.len() / pool.input.len();
            let output_gradient = &output_gradient[piece * group * length..][..images * length];
            spread(pool, output_gradient, input_gradient);
        },
    );
}

in_every_tier! {
    fn spread(pool: &AveragePool2d, output_gradient: &[f32], input_gradient: &mut [f32]) {
        let (shape, pooled, (height, width)) = (pool.input, pool.output(), pool.window);
        let (channels, share) = (shape.channels, 1.0 / pool.area() as f32);
        for (index, target) in input_gradient.chunks_exact_mut(channels).enumerate() {
            let (line, ox) = (index / shape.width, index % shape.width / width);
            let (image, oy) = (line / shape.height, line % shape.height / height);
            if oy < pooled.height && ox < pooled.width {
                let place = (image * pooled.height + oy) * pooled.width + ox;
                let gradient = &output_gradient[place * channels..][..channels];
                for (target, gradient) in target.iter_mut().zip(gradient) {
                    *target = gradient * share;
                }
            } else {
                target.fill(0.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::reference_layers;
    use super::*;

    #[test]
    fn means_and_gradients_are_those_of_the_naive_twin() {
        let shapes = [
            (Shape::new(5, 7, 3), (2, 2)),
            (Shape::new(28, 28, 16), (2, 2)),
            (Shape::new(9, 6, 1), (9, 6)),
            (Shape::new(6, 5, 17), (3, 1)),
            (Shape::new(4, 4, 2), (1, 1)),
        ];
        for (input, window) in shapes {
            let pool = AveragePool2d {
                batch: 11,
                input,
                window,
            };
            let values = |length: usize| -> Vec<f32> {
                (0..length).map(|i| (i as f32 * 0.37).sin()).collect()
            };
            let (images, gradients) = (values(11 * input.len()), values(11 * pool.output().len()));
            let (mut fast, mut naive) = (gradients.clone(), gradients.clone());
            forward(&pool, &images, &mut fast);
            reference_layers::average_pool2d(&pool, &images, &mut naive);
            agree(&fast, &naive);
            let (mut fast, mut naive) = (images.clone(), images.clone());
            gradient(&pool, &gradients, &mut fast);
            reference_layers::average_pool2d_gradient(&pool, &gradients, &mut naive);
            agree(&fast, &naive);
        }
    }

    fn agree(fast: &[f32], naive: &[f32]) {
        for (index, (fast, naive)) in fast.iter().zip(naive).enumerate() {
            assert!((fast - naive).abs() < 1e-6, "[{index}]: {fast}, {naive}");
        }
    }
}
