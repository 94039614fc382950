//! The component with its data as it is in memory.
//!
//! In the file, strings and tables of the connector are one block of LZ4, and a start function unpacks it, for each instance anew. A host that
//! loads a component once and makes many instances does better to unpack it once: the engine then shares the data among all of them. A module
//! whose data is packed says so in a custom section, see `xtask/src/shrink/data.rs`.

use std::borrow::Cow;

use wasm_encoder::{Component, ConstExpr, DataSection, Module, RawSection};
use wasmparser::{DataKind, Operator, Parser, Payload};

/// The custom section of a module whose data is packed: two numbers of 32 bits, where the data goes and how long it is.
const MARK: &str = "lz4-data";

/// How much data a component may have, all in all: far more than any has. A damaged file must not make the host ask for gigabytes.
const LENGTH_MAX: usize = 16 * 1024 * 1024;

/// How deep a component may lie in another: a composed one has three layers.
const DEPTH_MAX: u32 = 4;

/// The same component with its data unpacked; as it is when nothing in it is packed, or it is not what this function knows.
pub(super) fn unpacked(component: &[u8]) -> Cow<'_, [u8]> {
    let mut unpacker = Unpacker {
        room: LENGTH_MAX,
        depth: 0,
    };
    let unpacked = unpacker.component(component);
    unpacked.map_or(Cow::Borrowed(component), Cow::Owned)
}

struct Unpacker {
    /// How many bytes may still come.
    room: usize,
    /// In how many components this one lies.
    depth: u32,
}

/// What stands in a section of a component.
enum Inner {
    Module,
    Component,
}

impl Unpacker {
    /// Nothing when no module in it is packed.
    fn component(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        if self.depth == DEPTH_MAX {
            return None;
        }
        let mut output = Component::new();
        let mut is_packed = false;
        // Payloads of what is inside come after the one of its section.
        let mut depth = 0_usize;
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload.ok()?;
            let section = payload.as_section();
            let inner = match &payload {
                Payload::ModuleSection {
                    unchecked_range, ..
                } => Some((Inner::Module, unchecked_range.clone())),
                Payload::ComponentSection {
                    unchecked_range, ..
                } => Some((Inner::Component, unchecked_range.clone())),
                _ => None,
            };
            let is_outer = depth == 0;
            match payload {
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                _ => {}
            }
            let Some((id, range)) = section.filter(|_| is_outer) else {
                continue;
            };
            let content = match inner {
                Some((kind, range)) => {
                    let content = bytes.get(range)?;
                    let unpacked = self.inner(&kind, content);
                    is_packed |= unpacked.is_some();
                    unpacked.map_or(Cow::Borrowed(content), Cow::Owned)
                }
                None => Cow::Borrowed(bytes.get(range)?),
            };
            output.section(&RawSection { id, data: &content });
        }
        is_packed.then(|| output.finish())
    }

    fn inner(&mut self, kind: &Inner, bytes: &[u8]) -> Option<Vec<u8>> {
        match kind {
            Inner::Module => self.module(bytes),
            Inner::Component => {
                self.depth += 1;
                let unpacked = self.component(bytes);
                self.depth -= 1;
                unpacked
            }
        }
    }

    /// Nothing when it is not packed.
    fn module(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let (address, data) = data(bytes, self.room)?;
        self.room -= data.len();
        let mut output = Module::new();
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload.ok()?;
            let Some((id, range)) = payload.as_section() else {
                continue;
            };
            match payload {
                Payload::StartSection { .. } => {}
                Payload::CustomSection(section) if section.name() == MARK => {}
                Payload::DataSection(_) => {
                    let mut section = DataSection::new();
                    section.active(0, &ConstExpr::i32_const(address), data.iter().copied());
                    output.section(&section);
                }
                _ => {
                    output.section(&RawSection {
                        id,
                        data: bytes.get(range)?,
                    });
                }
            }
        }
        Some(output.finish())
    }
}

/// Where the data of a packed module goes, and the data, if it is no longer than that.
fn data(bytes: &[u8], room: usize) -> Option<(i32, Vec<u8>)> {
    let (mut place, mut block) = (None, None);
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.ok()? {
            Payload::CustomSection(section) if section.name() == MARK => {
                let (address, length) = section.data().split_first_chunk()?;
                let address = i32::try_from(u32::from_le_bytes(*address)).ok()?;
                let length = u32::from_le_bytes(length.try_into().ok()?);
                place = Some((address, usize::try_from(length).ok()?));
            }
            Payload::DataSection(section) => {
                let mut parts = section.into_iter();
                let (part, None) = (parts.next()?.ok()?, parts.next()) else {
                    return None;
                };
                is_at_zero(&part.kind)?;
                block = Some(part.data);
            }
            _ => {}
        }
    }
    let (address, length) = place.filter(|(_, length)| *length <= room)?;
    let data = lz4_flex::block::decompress(block?, length).ok()?;
    (data.len() == length).then_some((address, data))
}

fn is_at_zero(kind: &DataKind<'_>) -> Option<()> {
    let DataKind::Active {
        memory_index: 0,
        offset_expr,
    } = kind
    else {
        return None;
    };
    let mut operators = offset_expr.get_operators_reader();
    matches!(operators.read(), Ok(Operator::I32Const { value: 0 })).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{CustomSection, ModuleSection, StartSection};

    /// A component with a module whose data is packed to go to address 16, and what the section says of its length.
    fn packed(data: &[u8], length: usize) -> Vec<u8> {
        let block = lz4_flex::block::compress(data);
        let mut section = DataSection::new();
        section.active(0, &ConstExpr::i32_const(0), block.iter().copied());
        let mut module = Module::new();
        module.section(&StartSection { function_index: 0 });
        module.section(&section);
        let place = [16, length as u32].map(u32::to_le_bytes).concat();
        module.section(&CustomSection {
            name: MARK.into(),
            data: place.into(),
        });
        let mut inner = Component::new();
        inner.section(&ModuleSection(&module));
        let mut outer = Component::new();
        outer.section(&CustomSection {
            name: "before".into(),
            data: b"1".into(),
        });
        outer.section(&wasm_encoder::NestedComponentSection(&inner));
        outer.section(&CustomSection {
            name: "behind".into(),
            data: b"2".into(),
        });
        outer.finish()
    }

    #[test]
    fn the_data_stands_where_the_start_function_would_put_it() {
        let data = b"a text, a text, and again a text";
        let packed = packed(data, data.len());
        let unpacked = unpacked(&packed);
        let mut names = Vec::new();
        let mut found = None;
        for payload in Parser::new(0).parse_all(&unpacked) {
            match payload.expect("is well-formed") {
                Payload::StartSection { .. } => panic!("the start function is still there"),
                Payload::CustomSection(section) => names.push(section.name().to_owned()),
                Payload::DataSection(section) => {
                    let part = section
                        .into_iter()
                        .next()
                        .expect("has a part")
                        .expect("is well-formed");
                    let DataKind::Active { offset_expr, .. } = part.kind else {
                        panic!("the part has no place");
                    };
                    let mut operators = offset_expr.get_operators_reader();
                    assert!(matches!(
                        operators.read(),
                        Ok(Operator::I32Const { value: 16 })
                    ));
                    found = Some(part.data.to_vec());
                }
                _ => {}
            }
        }
        assert_eq!(found.as_deref(), Some(&data[..]));
        assert_eq!(names, ["before", "behind"]);
        assert!(
            matches!(super::unpacked(&unpacked), Cow::Borrowed(_)),
            "nothing is packed any more"
        );
    }

    #[test]
    fn what_is_damaged_stays_as_it_is() {
        let data = b"a text, a text, and again a text";
        for length in [0, data.len() - 1, data.len() + 1, LENGTH_MAX + 1] {
            let component = packed(data, length);
            assert_eq!(*unpacked(&component), component, "{length}");
        }
        let whole = packed(data, data.len());
        // Where a section ends, what is left is a component.
        let ends = |end: usize| {
            Parser::new(0)
                .parse_all(&whole[..end])
                .all(|payload| payload.is_ok())
        };
        for end in (0..whole.len()).filter(|end| !ends(*end)) {
            let cut = &whole[..end];
            assert_eq!(*unpacked(cut), *cut, "{end}");
        }
        assert_eq!(*unpacked(b"(component)"), *b"(component)");
    }

    #[test]
    fn a_component_may_be_deep_and_its_data_long_but_not_without_end() {
        let data = b"a text, a text, and again a text";
        let mut nested = packed(data, data.len());
        let mut wrap = |levels: u32| {
            for _ in 0..levels {
                let inner = std::mem::take(&mut nested);
                let mut outer = Component::new();
                outer.section(&RawSection {
                    id: 4,
                    data: &inner,
                });
                nested = outer.finish();
            }
            nested.clone()
        };
        assert_ne!(*unpacked(&wrap(DEPTH_MAX - 2)), *wrap(0));
        assert_eq!(*unpacked(&wrap(1)), *wrap(0));
        // Each level on the stack would be the end of the process.
        assert_eq!(*unpacked(&wrap(5_000)), *wrap(0));

        let most = vec![b'x'; LENGTH_MAX];
        let [one, other] = [&most[..], &most[..1]].map(|data| packed(data, data.len()));
        let mut both = Component::new();
        for part in [&one, &other] {
            both.section(&RawSection { id: 4, data: part });
        }
        let both = both.finish();
        let growth = |bytes: &[u8]| unpacked(bytes).len() as i64 - bytes.len() as i64;
        assert!(growth(&one) > LENGTH_MAX as i64 / 2 && growth(&other) < -8);
        // The first has used all the room there is. Lengths of sections take some bytes more.
        assert!((growth(&both) - growth(&one)).abs() < 8);
    }
}
