//! The curves of a chart as lines and areas in its plot.

use std::collections::BTreeSet;
use std::f32::consts::FRAC_PI_4;

use super::super::scene::{Line, Picture, Point, Polygon};
use super::frame::Frame;
use super::{Chart, Series};

/// The width of lines, and of those of many curves.
const WIDTH: f32 = 1.5;
const THIN: f32 = 0.9;
const MANY: usize = 16;
/// How dense a band is.
const BAND: f32 = 0.18;
/// Curves have at most this many points per point of width.
const DENSITY: usize = 4;
/// How far, in points, a line may be from the points of a long curve: nobody sees it.
const UNSEEN: f32 = 0.1;

/// The width of the chart's lines.
pub(super) const fn line_width(chart: &Chart) -> f32 {
    match chart.series.len() > MANY {
        true => THIN,
        false => WIDTH,
    }
}

/// Adds all bands, and all curves above them.
pub(super) fn add(picture: &mut Picture, chart: &Chart, frame: &Frame) {
    for series in &chart.series {
        for piece in band_pieces(chart, series, frame) {
            let upper = piece.iter().map(|(_, [_, high])| *high);
            let lower = piece.iter().rev().map(|(_, [low, _])| *low);
            picture.add(Polygon {
                points: upper.chain(lower).collect(),
                color: chart.ground.color(series.color),
                opacity: BAND,
            });
        }
    }
    for series in &chart.series {
        let color = chart.ground.color(series.color);
        let width = line_width(chart);
        for piece in pieces(chart, series, frame) {
            if let [(_, [x, y])] = piece[..] {
                // A line needs two points: a dot as wide as it is seen.
                let radius = 1.2 * width;
                let corners = (0..8).map(|corner| {
                    let (sin, cos) = (FRAC_PI_4 * (corner as f32 + 0.5)).sin_cos();
                    [x + radius * cos, y + radius * sin]
                });
                picture.add(Polygon {
                    points: corners.collect(),
                    color,
                    opacity: 1.0,
                });
            } else {
                picture.add(Line {
                    points: piece.into_iter().map(|(_, place)| place).collect(),
                    color,
                    width,
                    dashes: series.pattern.dashes(),
                    opacity: 1.0,
                });
            }
        }
    }
}

/// Points of a curve with their places.
type Piece = Vec<([f64; 2], Point)>;

/// The curve between its gaps, without points that make no difference.
pub(in crate::picture) fn pieces(chart: &Chart, series: &Series, frame: &Frame) -> Vec<Piece> {
    let has_place = |point: &[f64; 2]| point[0].is_finite() && chart.has_place(point[1]);
    let columns = (frame.right - frame.left).max(1.0) as usize;
    let chunks = series
        .points
        .chunk_by(|a, b| has_place(a) && has_place(b))
        .filter(|chunk| has_place(&chunk[0]));
    let placed = chunks.map(|chunk| {
        let places = chunk.iter();
        let placed = places.filter_map(|point| Some((*point, frame.place(*point)?)));
        thinned(placed.collect(), columns)
    });
    placed.filter(|piece| !piece.is_empty()).collect()
}

/// Points of a band with the places of its lower and upper end.
type BandPiece = Vec<([f64; 3], [Point; 2])>;

/// The band between its gaps. Its lower end is on the axis where it is below a logarithmic one.
pub(in crate::picture) fn band_pieces(
    chart: &Chart,
    series: &Series,
    frame: &Frame,
) -> Vec<BandPiece> {
    let has_place = |[x, low, high]: &[f64; 3]| {
        x.is_finite() && low.is_finite() && high.is_finite() && chart.has_place(low.max(*high))
    };
    let chunks = series
        .band
        .chunk_by(|a, b| has_place(a) && has_place(b))
        .filter(|chunk| has_place(&chunk[0]));
    let placed = chunks.map(|chunk| {
        let placed = chunk.iter().filter_map(|point| {
            let [x, low, high] = *point;
            let upper = frame.place([x, low.max(high)])?;
            let lower = frame.place([x, low.min(high)]);
            Some((*point, [lower.unwrap_or([upper[0], frame.bottom]), upper]))
        });
        placed.collect()
    });
    placed.filter(|piece: &BandPiece| piece.len() > 1).collect()
}

/// A line that looks the same with fewer points, if it has more of them than the plot has columns.
fn thinned(points: Piece, columns: usize) -> Piece {
    if points.len() <= columns {
        return points;
    }
    straightened(&ends_of_columns(points, columns))
}

/// The line with the first, the lowest, the highest and the last point of each of so many columns, if it has more.
fn ends_of_columns(points: Piece, columns: usize) -> Piece {
    if points.len() <= DENSITY * columns {
        return points;
    }
    let mut kept = Vec::new();
    for column in points.chunk_by(|(_, a), (_, b)| a[0].floor() == b[0].floor()) {
        let by_height = |index: &usize| column[*index].1[1];
        let indices = || 0..column.len();
        let least = indices().min_by(|a, b| by_height(a).total_cmp(&by_height(b)));
        let most = indices().max_by(|a, b| by_height(a).total_cmp(&by_height(b)));
        let ends = [0, column.len() - 1];
        let found: BTreeSet<usize> = ends.into_iter().chain(least).chain(most).collect();
        kept.extend(found.into_iter().map(|index| column[index]));
    }
    kept
}

/// The line without the points that are nearly on the straight line between two others.
///
/// Source: Douglas and Peucker 1973, "Algorithms for the reduction of the number of points required to represent a digitized line",
/// Cartographica 10.
fn straightened(points: &Piece) -> Piece {
    let mut is_kept = vec![false; points.len()];
    let mut parts = vec![(0, points.len().saturating_sub(1))];
    while let Some((first, last)) = parts.pop() {
        (is_kept[first], is_kept[last]) = (true, true);
        let away = |index: usize| distance(points[index].1, points[first].1, points[last].1);
        let furthest = (first + 1..last).max_by(|a, b| away(*a).total_cmp(&away(*b)));
        if let Some(middle) = furthest.filter(|index| away(*index) > UNSEEN) {
            parts.extend([(first, middle), (middle, last)]);
        }
    }
    let kept = points.iter().zip(is_kept).filter(|(_, is_kept)| *is_kept);
    kept.map(|(point, _)| *point).collect()
}

/// The distance of a point from the line through two others; from the first one, if they are the same.
fn distance([x, y]: Point, [x1, y1]: Point, [x2, y2]: Point) -> f32 {
    let (along, up) = (x2 - x1, y2 - y1);
    match along.hypot(up) {
        0.0 => (x - x1).hypot(y - y1),
        length => (along * (y - y1) - up * (x - x1)).abs() / length,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Shape;

    fn drawn(series: Vec<Series>, is_logarithmic: bool) -> (Vec<Line>, Vec<Polygon>) {
        let chart = Chart {
            series,
            is_logarithmic,
            ..Chart::default()
        };
        let mut picture = Picture::new(chart.size, None);
        add(&mut picture, &chart, &Frame::new(&chart));
        let (mut lines, mut polygons) = (Vec::new(), Vec::new());
        for shape in picture.shapes() {
            match shape {
                Shape::Line(line) => lines.push(line.clone()),
                Shape::Polygon(polygon) => polygons.push(polygon.clone()),
                other => panic!("{other:?}"),
            }
        }
        (lines, polygons)
    }

    #[test]
    fn a_curve_is_interrupted_where_a_value_is_not_finite() {
        let ys = [
            0.1,
            0.2,
            f64::NAN,
            0.3,
            f64::INFINITY,
            f64::NAN,
            0.4,
            0.5,
            0.6,
        ];
        let points = ys.iter().enumerate().map(|(x, y)| [x as f64, *y]).collect();
        let (lines, dots) = drawn(vec![Series::new(0, "a", points)], false);
        let lengths: Vec<usize> = lines.iter().map(|line| line.points.len()).collect();
        assert_eq!(lengths, [2, 3]);
        assert_eq!(dots.len(), 1, "a value between gaps is a dot");
    }

    #[test]
    fn zero_is_a_gap_on_a_logarithmic_axis() {
        let points = vec![[0.0, 1.0], [1.0, 0.1], [2.0, 0.0], [3.0, 0.1], [4.0, 0.2]];
        let (lines, _) = drawn(vec![Series::new(0, "a", points)], true);
        assert_eq!(lines.len(), 2);
    }

    #[test]
    fn a_band_has_gaps_and_ends_at_the_axis() {
        let band = vec![
            [0.0, 0.1, 0.3],
            [1.0, -0.1, 0.4],
            [2.0, f64::NAN, 0.4],
            [3.0, 0.2, 0.4],
            [4.0, 0.3, 0.5],
        ];
        let series = Series {
            band,
            ..Series::new(0, "a", vec![[0.0, 0.2], [4.0, 0.4]])
        };
        for is_logarithmic in [false, true] {
            let (lines, areas) = drawn(vec![series.clone()], is_logarithmic);
            assert_eq!((lines.len(), areas.len()), (1, 2));
            assert!(areas.iter().all(|area| area.points.len() == 4));
        }
        let chart = Chart {
            series: vec![series],
            is_logarithmic: true,
            ..Chart::default()
        };
        let frame = Frame::new(&chart);
        let (_, areas) = drawn(chart.series.clone(), true);
        assert_eq!(areas[0].points[2][1], frame.bottom);
    }

    #[test]
    fn a_long_curve_keeps_its_peaks() {
        let mut points: Vec<[f64; 2]> = (0..200_000u32).map(|x| [f64::from(x), 0.5]).collect();
        points[70_001][1] = 1.0;
        points[140_003][1] = 0.0;
        let (lines, _) = drawn(vec![Series::new(0, "a", points)], false);
        let kept = &lines[0].points;
        assert!(kept.len() < 2500, "{}", kept.len());
        let heights: BTreeSet<u32> = kept.iter().map(|point| point[1] as u32).collect();
        assert_eq!(heights.len(), 3);
        assert!(kept.is_sorted_by(|a, b| a[0] <= b[0]));
    }

    #[test]
    fn only_points_that_make_no_difference_are_left_out() {
        let wave = |x: u32| [f64::from(x), (f64::from(x) / 150.0).sin()];
        let whole: Vec<[f64; 2]> = (0..1000).map(wave).collect();
        let chart = Chart {
            series: vec![Series::new(0, "a", whole.clone())],
            ..Chart::default()
        };
        let frame = Frame::new(&chart);
        let kept = &pieces(&chart, &chart.series[0], &frame)[0];
        assert!((20..250).contains(&kept.len()), "{}", kept.len());
        // Every point is near the line between the kept ones around it.
        for point in whole {
            let place = frame.place(point).unwrap();
            let next = kept.partition_point(|(kept, _)| kept[0] < point[0]).max(1);
            let away = distance(place, kept[next - 1].1, kept[next].1);
            assert!(away <= UNSEEN + 1e-3, "{point:?}: {away}");
        }
        // A curve of few points is as it was.
        let few = (0..300).map(wave).collect();
        let (lines, _) = drawn(vec![Series::new(0, "a", few)], false);
        assert_eq!(lines[0].points.len(), 300);
    }
}
