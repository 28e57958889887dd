//! Width and height of images, read from their first bytes: PNG, GIF, JPEG, WebP, BMP.

/// Width and height; nothing for what is no image of a known kind.
pub(crate) fn image_size(bytes: &[u8]) -> Option<(u32, u32)> {
    png(bytes).or_else(|| gif(bytes)).or_else(|| webp(bytes)).or_else(|| bmp(bytes)).or_else(|| jpeg(bytes))
}

fn part<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}

fn little(bytes: &[u8], at: usize) -> Option<u32> {
    part(bytes, at).map(|pair| u32::from(u16::from_le_bytes(pair)))
}

fn big(bytes: &[u8], at: usize) -> Option<u32> {
    part(bytes, at).map(|pair| u32::from(u16::from_be_bytes(pair)))
}

fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n").then_some(())?;
    Some((u32::from_be_bytes(part(bytes, 16)?), u32::from_be_bytes(part(bytes, 20)?)))
}

fn gif(bytes: &[u8]) -> Option<(u32, u32)> {
    bytes.starts_with(b"GIF8").then_some(())?;
    Some((little(bytes, 6)?, little(bytes, 8)?))
}

fn bmp(bytes: &[u8]) -> Option<(u32, u32)> {
    bytes.starts_with(b"BM").then_some(())?;
    let height = i32::from_le_bytes(part(bytes, 22)?);
    Some((u32::from_le_bytes(part(bytes, 18)?), height.unsigned_abs()))
}

fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    (bytes.starts_with(b"RIFF") && bytes.get(8..12)? == b"WEBP").then_some(())?;
    let three = |at: usize| -> Option<u32> {
        let [a, b, c] = part(bytes, at)?;
        Some(u32::from_le_bytes([a, b, c, 0]))
    };
    match bytes.get(12..16)? {
        b"VP8X" => Some((three(24)? + 1, three(27)? + 1)),
        b"VP8 " => Some((little(bytes, 26)? & 0x3fff, little(bytes, 28)? & 0x3fff)),
        b"VP8L" => {
            let bits = u32::from_le_bytes(part(bytes, 21)?);
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        _ => None,
    }
}

/// The size stands in the first frame header; segments before it are passed over.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    bytes.starts_with(b"\xff\xd8").then_some(())?;
    let mut at = 2;
    loop {
        let [mark, kind] = part(bytes, at)?;
        if mark != 0xff {
            return None;
        }
        match kind {
            0xff => at += 1,
            0xc0..=0xcf if !matches!(kind, 0xc4 | 0xc8 | 0xcc) => {
                return Some((big(bytes, at + 7)?, big(bytes, at + 5)?));
            }
            _ => at += 2 + big(bytes, at + 2)? as usize,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_found() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        png.extend([0, 0, 0, 3, 0, 0, 1, 0]);
        let mut gif = b"GIF89a".to_vec();
        gif.extend([5, 0, 7, 1]);
        let mut jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08".to_vec();
        jpeg.extend([0, 9, 0, 8]);
        let mut webp = b"RIFF....WEBPVP8X....".to_vec();
        webp.extend([0, 0, 0, 0, 1, 0, 0, 2, 0, 0]);
        let mut bmp = b"BM".to_vec();
        bmp.resize(18, 0);
        bmp.extend(4_i32.to_le_bytes());
        bmp.extend((-6_i32).to_le_bytes());
        let cases = [
            (png, Some((3, 256))),
            (gif, Some((5, 263))),
            (jpeg, Some((8, 9))),
            (webp, Some((2, 3))),
            (bmp, Some((4, 6))),
            (b"hello world".to_vec(), None),
            (b"\xff\xd8\xff".to_vec(), None),
            (Vec::new(), None),
        ];
        for (bytes, expected) in cases {
            assert_eq!(image_size(&bytes), expected, "{bytes:?}");
        }
    }
}
