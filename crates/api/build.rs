//! Puts the files of the web app (`web/dist`) into the program, compressed once and for all. Without them the program builds all the same.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let dist = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("../../web/dist");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed={}", dist.display());
    let mut files = Vec::new();
    if dist.is_dir() {
        collect(&dist, &mut files)?;
    }
    let mut assets = Vec::new();
    for file in files {
        let relative = file.strip_prefix(&dist)?.to_string_lossy().replace('\\', "/");
        // What the build tool keeps for itself.
        if relative.starts_with('.') {
            continue;
        }
        assets.push(asset(&out, &file, &format!("/{relative}"))?);
    }
    assets.sort();
    let mut code = String::from("static ASSETS: &[Asset] = &[\n");
    for (path, fields) in assets {
        writeln!(code, "    Asset {{ path: {path:?}, {fields} }},")?;
    }
    code.push_str("];\n");
    fs::write(out.join("assets.rs"), code)?;
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// The path and the fields of the entry.
fn asset(out: &Path, file: &Path, path: &str) -> Result<(String, String), Failure> {
    let bytes = fs::read(file)?;
    let etag = format!("\"{:016x}\"", fingerprint(&bytes));
    let kind = kind(path);
    let mut fields =
        format!("kind: {kind:?}, etag: {etag:?}, plain: include_bytes!({:?}), ", file.canonicalize()?);
    let stored = out.join("compressed");
    fs::create_dir_all(&stored)?;
    let packed = [("gzip", gzip(&bytes)?), ("brotli", brotli(&bytes)?)];
    for (name, packed) in packed {
        // What is packed already, as pictures are, does not get smaller.
        if packed.len() * 10 < bytes.len() * 9 {
            let place = stored.join(format!("{:016x}.{name}", fingerprint(&bytes)));
            fs::write(&place, packed)?;
            write!(fields, "{name}: Some(include_bytes!({place:?})), ")?;
        } else {
            write!(fields, "{name}: None, ")?;
        }
    }
    Ok((path.to_owned(), fields))
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn brotli(mut bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut packed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
    brotli::BrotliCompress(&mut bytes, &mut packed, &parameters)?;
    Ok(packed)
}

/// FNV-1a: tells versions of a file apart.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
