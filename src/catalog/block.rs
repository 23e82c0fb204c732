//! Reading the parts of the embedded file; `format` describes them.

use std::str::SplitTerminator;
use std::sync::OnceLock;

use super::format::MAGIC;

static FILE: &[u8] = include_bytes!("../../assets/catalog.bin");

/// A frame of the file, still compressed.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    bytes: &'static [u8],
    plain: usize,
}

/// All frames of the file.
pub(super) struct Frames {
    pub(super) index: Frame,
    pub(super) policy_index: Frame,
    /// Of each group of services the names and the details.
    pub(super) services: Vec<(Frame, Frame)>,
    /// Of each group of policies.
    pub(super) policies: Vec<Frame>,
}

/// The frames; none if the file were not ours, which a test rules out.
pub(super) fn frames() -> Option<&'static Frames> {
    static FRAMES: OnceLock<Option<Frames>> = OnceLock::new();
    FRAMES.get_or_init(find_frames).as_ref()
}

fn find_frames() -> Option<Frames> {
    let mut numbers = Numbers(FILE.strip_prefix(MAGIC)?);
    let (services, policies) = (numbers.next()?, numbers.next()?);
    let count = 2 + 2 * services + policies;
    let lengths = (0..count).map(|_| Some((numbers.next()?, numbers.next()?)));
    let lengths = lengths.collect::<Option<Vec<_>>>()?;

    let mut rest = numbers.0;
    let mut frames = Vec::with_capacity(count);
    for (length, plain) in lengths {
        let (bytes, after) = rest.split_at_checked(length)?;
        frames.push(Frame { bytes, plain });
        rest = after;
    }
    let mut frames = frames.into_iter();
    let (index, policy_index) = (frames.next()?, frames.next()?);
    let names: Vec<_> = frames.by_ref().take(services).collect();
    Some(Frames {
        index,
        policy_index,
        services: names.into_iter().zip(frames.by_ref()).collect(),
        policies: frames.collect(),
    })
}

/// The bytes that the catalogue takes in the program.
pub(super) fn size() -> usize {
    FILE.len()
}

/// A block that is being read: lines of text and numbers, both in their order.
///
/// What it yields lives as long as the program: the plain bytes are never freed. Callers keep what
/// they read in statics, so each frame is read once.
pub(super) struct Block {
    lines: SplitTerminator<'static, char>,
    numbers: Numbers,
}

impl Block {
    /// Decompresses a frame.
    pub(super) fn read(frame: Frame) -> Option<Self> {
        let plain: &'static [u8] = zstd::bulk::decompress(frame.bytes, frame.plain)
            .ok()?
            .leak();
        let mut numbers = Numbers(plain);
        let length = numbers.next()?;
        let (text, numbers) = numbers.0.split_at_checked(length)?;
        let text = std::str::from_utf8(text).ok()?;
        Some(Self {
            lines: text.split_terminator('\n'),
            numbers: Numbers(numbers),
        })
    }

    pub(super) fn line(&mut self) -> Option<&'static str> {
        self.lines.next()
    }

    pub(super) fn number(&mut self) -> Option<usize> {
        self.numbers.next()
    }

    /// A number that is the place of something in a list.
    pub(super) fn place(&mut self) -> Option<u16> {
        u16::try_from(self.number()?).ok()
    }
}

/// Numbers in LEB128.
struct Numbers(&'static [u8]);

impl Iterator for Numbers {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let mut number = 0;
        for shift in (0..usize::BITS).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}
