//! The box-drawing characters, U+2500 to U+257F.

use super::blocks::Geometry;
use super::{HEIGHT, WIDTH};
use crate::picture::Point;

/// What runs from the middle of the cell to the left, up, to the right and down: `1` a light line, `2` a heavy one, `3` two, `.` none;
/// from the Unicode names of the characters. Dashes, arcs and diagonals have no arms.
const ARMS: &str = "
    1.1. 2.2. .1.1 .2.2 .... .... .... .... .... .... .... .... ..11 ..21 ..12 ..22
    1..1 2..1 1..2 2..2 .11. .12. .21. .22. 11.. 21.. 12.. 22.. .111 .121 .211 .112
    .212 .221 .122 .222 11.1 21.1 12.1 11.2 12.2 22.1 21.2 22.2 1.11 2.11 1.21 2.21
    1.12 2.12 1.22 2.22 111. 211. 112. 212. 121. 221. 122. 222. 1111 2111 1121 2121
    1211 1112 1212 2211 1221 2112 1122 2221 2122 2212 1222 2222 .... .... .... ....
    3.3. .3.3 ..31 ..13 ..33 3..1 1..3 3..3 .13. .31. .33. 31.. 13.. 33.. .131 .313
    .333 31.1 13.3 33.3 3.31 1.13 3.33 313. 131. 333. 3131 1313 3333 .... .... ....
    .... .... .... .... 1... .1.. ..1. ...1 2... .2.. ..2. ...2 1.2. .1.2 2.1. .2.1
";

/// Where the middle lines are: those of light lines are the pixels before.
const MIDDLE: [f32; 2] = [WIDTH / 2.0, HEIGHT / 2.0];
/// The radius of arcs.
const RADIUS: f32 = 3.5;

/// The geometry of a box-drawing character; `None` for other characters.
pub(super) fn geometry(character: char) -> Option<Geometry> {
    let index = (character as usize).checked_sub(0x2500)?;
    let arms = ARMS.split_whitespace().nth(index)?;
    let arms = arms.as_bytes().first_chunk::<4>()?;
    if arms != b"...." {
        return Some(Geometry::rectangles(joined(arms)));
    }
    let (x, y) = (MIDDLE[0] - 0.5, MIDDLE[1] - 0.5);
    let lines = |lines: Vec<Vec<Point>>| {
        Some(Geometry {
            lines,
            ..Geometry::default()
        })
    };
    let rising = || vec![[0.0, HEIGHT], [WIDTH, 0.0]];
    let falling = || vec![[0.0, 0.0], [WIDTH, HEIGHT]];
    match character {
        '╭' => lines(vec![arc([WIDTH, y], [x, HEIGHT])]),
        '╮' => lines(vec![arc([0.0, y], [x, HEIGHT])]),
        '╯' => lines(vec![arc([0.0, y], [x, 0.0])]),
        '╰' => lines(vec![arc([WIDTH, y], [x, 0.0])]),
        '╱' => lines(vec![rising()]),
        '╲' => lines(vec![falling()]),
        '╳' => lines(vec![rising(), falling()]),
        _ => Some(Geometry::rectangles(dashes(index))),
    }
}

/// From a side of the cell around its middle to its upper or lower edge.
fn arc([side, y]: Point, [x, edge]: Point) -> Vec<Point> {
    let (right, down) = ((side - x).signum(), (edge - y).signum());
    let center = [x + right * RADIUS, y + down * RADIUS];
    let turned = (0..=6).map(|step| {
        let (sin, cos) = (std::f32::consts::FRAC_PI_2 * step as f32 / 6.0).sin_cos();
        [
            center[0] - right * RADIUS * sin,
            center[1] - down * RADIUS * cos,
        ]
    });
    let start = std::iter::once([side, y]);
    start.chain(turned).chain([[x, edge]]).collect()
}

/// The dashes of a dashed line: three or four (U+2504 to U+250B), or two (U+254C to U+254F).
fn dashes(index: usize) -> Vec<[f32; 4]> {
    let count = match index {
        0x04..=0x07 => 3,
        0x08..=0x0b => 4,
        _ => 2,
    };
    let weight = if index.is_multiple_of(2) { b'1' } else { b'2' };
    let is_upright = index & 2 == 2;
    let (length, middle) = match is_upright {
        true => (HEIGHT, MIDDLE[0]),
        false => (WIDTH, MIDDLE[1]),
    };
    let pitch = length / count as f32;
    let rails = rails(weight, middle);
    let dashes = (0..count).map(|dash| {
        let start = (dash as f32 + 0.2) * pitch;
        let [from, to] = rails[0];
        match is_upright {
            true => [from, start, to - from, 0.6 * pitch],
            false => [start, from, 0.6 * pitch, to - from],
        }
    });
    dashes.collect()
}

/// The extent of a line across its direction: of two lines, both.
fn rails(weight: u8, middle: f32) -> Vec<[f32; 2]> {
    match weight {
        b'1' => vec![[middle - 1.0, middle]],
        b'2' => vec![[middle - 1.0, middle + 1.0]],
        b'3' => vec![[middle - 2.0, middle - 1.0], [middle + 1.0, middle + 2.0]],
        _ => Vec::new(),
    }
}

/// The rectangles of all arms, so that they meet in the middle without gaps.
fn joined(arms: &[u8; 4]) -> Vec<[f32; 4]> {
    let mut rectangles = Vec::new();
    for (arm, weight) in arms.iter().enumerate() {
        let is_upright = arm % 2 == 1;
        let (along, across) = match is_upright {
            true => (MIDDLE[1], MIDDLE[0]),
            false => (MIDDLE[0], MIDDLE[1]),
        };
        // What crosses: on the side of the first rail, and of the second.
        let crossing = match is_upright {
            true => [arms[0], arms[2]],
            false => [arms[1], arms[3]],
        };
        let opposite = arms[(arm + 2) % 4];
        for (rail, [from, to]) in rails(*weight, across).into_iter().enumerate() {
            let stops_early = match weight {
                b'3' => crossing[rail] == b'3',
                // A single line ends at two lines that pass by.
                _ => crossing == *b"33" && opposite == b'.',
            };
            // Of two crossing lines, the near or the far one; else the middle.
            let has_heavy = crossing.contains(&b'2') || *weight == b'2';
            let [before, after] = match (stops_early, crossing.contains(&b'3')) {
                (true, _) => [1.0, -1.0],
                (false, true) => [-2.0, 2.0],
                (false, false) if has_heavy => [-1.0, 1.0],
                // Light lines are before the middle.
                (false, false) => [-1.0, 0.0],
            };
            let length = if is_upright { HEIGHT } else { WIDTH };
            let [start, end] = match arm < 2 {
                true => [0.0, along + after],
                false => [along + before, length],
            };
            rectangles.push(match is_upright {
                true => [from, start, to - from, end - start],
                false => [start, from, end - start, to - from],
            });
        }
    }
    rectangles
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cell's pixels that a character covers, row by row.
    fn covered(character: char) -> Vec<String> {
        let rectangles = geometry(character).unwrap().rectangles;
        let is_in = |x: usize, y: usize| {
            let (x, y) = (x as f32 + 0.5, y as f32 + 0.5);
            rectangles.iter().any(|[left, top, width, height]| {
                (*left..left + width).contains(&x) && (*top..top + height).contains(&y)
            })
        };
        let row = |y| {
            (0..8)
                .map(|x| if is_in(x, y) { '#' } else { '.' })
                .collect()
        };
        (0..16).map(row).collect()
    }

    #[test]
    fn lines_meet_in_the_middle() {
        assert_eq!(
            covered('┌')[6..10],
            ["........", "...#####", "...#....", "...#...."]
        );
        assert_eq!(covered('┼')[6..9], ["...#....", "########", "...#...."]);
        assert_eq!(covered('┘')[6..9], ["...#....", "####....", "........"]);
        assert_eq!(
            covered('╬')[5..11],
            [
                "..#..#..", "###..###", "........", "........", "###..###", "..#..#.."
            ]
        );
        assert_eq!(
            covered('╔')[5..11],
            [
                "........", "..######", "..#.....", "..#.....", "..#..###", "..#..#.."
            ]
        );
        assert_eq!(
            covered('╝')[5..11],
            [
                "..#..#..", "###..#..", ".....#..", ".....#..", "######..", "........"
            ]
        );
        assert_eq!(covered('╟')[6..9], ["..#..#..", "..#..###", "..#..#.."]);
        assert_eq!(
            covered('╋')[6..10],
            ["...##...", "########", "########", "...##..."]
        );
    }

    #[test]
    fn every_character_reaches_the_edges_that_its_name_says() {
        for (index, arms) in ARMS.split_whitespace().enumerate() {
            let character = char::from_u32(0x2500 + index as u32).unwrap();
            let Geometry {
                rectangles, lines, ..
            } = geometry(character).unwrap();
            assert!(!rectangles.is_empty() || !lines.is_empty(), "{character}");
            if arms == "...." {
                continue;
            }
            let touches = [
                rectangles.iter().any(|[x, ..]| *x == 0.0),
                rectangles.iter().any(|[_, y, ..]| *y == 0.0),
                rectangles.iter().any(|[x, _, width, _]| x + width == WIDTH),
                rectangles
                    .iter()
                    .any(|[_, y, _, height]| y + height == HEIGHT),
            ];
            let expected = arms.chars().map(|arm| arm != '.').collect::<Vec<_>>();
            assert_eq!(touches[..], expected, "{character}");
        }
        assert_eq!(ARMS.split_whitespace().count(), 128);
        assert!(geometry('a').is_none() && geometry('▀').is_none());
    }

    #[test]
    fn dashes_run_in_their_direction() {
        let is_wide = |character: char| {
            let dashes = geometry(character).unwrap().rectangles;
            (dashes.len(), dashes[0][0] != dashes[1][0])
        };
        for (character, expected) in [
            ('┄', (3, true)),
            ('┇', (3, false)),
            ('┈', (4, true)),
            ('┊', (4, false)),
            ('╌', (2, true)),
            ('╏', (2, false)),
        ] {
            assert_eq!(is_wide(character), expected, "{character}");
        }
    }

    #[test]
    fn an_arc_begins_at_a_side_and_ends_at_an_edge() {
        let [line] = &geometry('╯').unwrap().lines[..] else {
            panic!("one line");
        };
        assert_eq!((line[0], line[line.len() - 1]), ([0.0, 7.5], [3.5, 0.0]));
        for pair in line.windows(2) {
            assert!(
                pair[0][0] <= pair[1][0] + 1e-4 && pair[0][1] >= pair[1][1] - 1e-4,
                "{line:?}"
            );
        }
    }
}
