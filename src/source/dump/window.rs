//! A sliding window over a stream of bytes.

use std::io::{self, Read};

const SIZE: usize = 256 * 1024;

/// Bytes of a stream, from where the reader stands to as far as has been read.
///
/// Its size does not grow with the stream: a dump's longest line may be larger
/// than memory.
pub(super) struct Window<R> {
    input: R,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    /// Bytes of the stream before `start`.
    offset: u64,
}

impl<R: Read> Window<R> {
    pub(super) fn new(input: R, offset: u64) -> Self {
        Self { input, buffer: vec![0; SIZE].into_boxed_slice(), start: 0, end: 0, offset }
    }

    /// How many bytes of the stream lie behind.
    pub(super) const fn offset(&self) -> u64 {
        self.offset
    }

    /// At least one byte, unless the stream has ended.
    #[inline]
    pub(super) fn available(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            self.start = 0;
            self.end = 0;
            self.fill()?;
        }
        Ok(&self.buffer[self.start..self.end])
    }

    /// At least `count` bytes, unless the stream ends before.
    pub(super) fn ahead(&mut self, count: usize) -> io::Result<&[u8]> {
        debug_assert!(count <= SIZE);
        if self.end - self.start < count && self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        while self.end - self.start < count {
            if !self.fill()? {
                break;
            }
        }
        Ok(&self.buffer[self.start..self.end])
    }

    fn fill(&mut self) -> io::Result<bool> {
        loop {
            match self.input.read(&mut self.buffer[self.end..]) {
                Ok(read) => {
                    self.end += read;
                    return Ok(read > 0);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Goes on by `count` of the available bytes; by all of them if there are fewer.
    #[inline]
    pub(super) const fn consume(&mut self, count: usize) {
        let left = self.end - self.start;
        let count = if count < left { count } else { left };
        self.start += count;
        self.offset += count as u64;
    }

    /// The next byte, which is not consumed.
    #[inline]
    pub(super) fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.available()?.first().copied())
    }

    /// The next byte.
    #[inline]
    pub(super) fn next(&mut self) -> io::Result<Option<u8>> {
        let byte = self.peek()?;
        if byte.is_some() {
            self.consume(1);
        }
        Ok(byte)
    }
}

impl<R: Read> Window<R> {
    /// Passes `count` bytes, or as many as there are.
    pub(super) fn skip(&mut self, mut count: u64) -> io::Result<()> {
        while count > 0 {
            let here = self.available()?.len();
            if here == 0 {
                break;
            }
            let now = usize::try_from(count).map_or(here, |it| it.min(here));
            self.consume(now);
            count -= now as u64;
        }
        Ok(())
    }
}
