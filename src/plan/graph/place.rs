//! Where the boxes of a column stand: in the order, and at the height, of what they are joined to.

/// A box of a column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Slot {
    /// From the left.
    pub(super) column: usize,
    /// Boxes of a group stay together.
    pub(super) group: usize,
    /// Whether it comes after the others of its group.
    pub(super) last: bool,
    /// Whether it keeps its place among those of its column.
    pub(super) fixed: bool,
    /// Its upper edge.
    pub(super) y: f64,
    /// How high it is.
    pub(super) height: f64,
}

/// A place on a box: which box, and how far below its upper edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Port {
    pub(super) slot: usize,
    pub(super) offset: f64,
}

/// A line from a box to one of the next column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Wire {
    pub(super) from: Port,
    pub(super) to: Port,
}

/// Between two boxes, and between two groups, which have a caption.
const GAP: f64 = 9.0;
const GROUP_GAP: f64 = 40.0;
/// Enough for the order to settle; more changes little.
const PASSES: usize = 6;

/// What a box is joined to: its own place, and the other's.
type Joined = Vec<(f64, Port)>;

/// Orders and places all boxes; the highest stands at 0.
pub(super) fn place(slots: &mut [Slot], wires: &[Wire]) {
    let mut left: Vec<Joined> = vec![Vec::new(); slots.len()];
    let mut right: Vec<Joined> = vec![Vec::new(); slots.len()];
    for wire in wires {
        if let Some(joined) = right.get_mut(wire.from.slot) {
            joined.push((wire.from.offset, wire.to));
        }
        if let Some(joined) = left.get_mut(wire.to.slot) {
            joined.push((wire.to.offset, wire.from));
        }
    }
    let count = slots.iter().map(|slot| slot.column.saturating_add(1)).max().unwrap_or(0);
    let mut columns: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (index, slot) in slots.iter().enumerate() {
        if let Some(column) = columns.get_mut(slot.column) {
            column.push(index);
        }
    }
    for column in &mut columns {
        settle(slots, column, &[]);
    }
    let mut best: Option<(u64, Vec<Slot>, Vec<Vec<usize>>)> = None;
    for pass in 0..PASSES {
        for column in columns.iter_mut().rev() {
            // What stands on the left is in no order at first.
            let sides = [Some(&right), Some(&left).filter(|_| pass % 2 == 1)];
            arrange(slots, column, &sides, true);
        }
        for column in &mut columns {
            arrange(slots, column, &[Some(&left), Some(&right)], pass % 2 == 1);
        }
        let crossings = crossings(slots, wires, columns.len());
        if best.as_ref().is_none_or(|(least, ..)| crossings < *least) {
            best = Some((crossings, slots.to_vec(), columns.clone()));
        }
    }
    if let Some((_, heights, order)) = best {
        slots.clone_from_slice(&heights);
        columns = order;
    }
    // The order stands; only the heights settle.
    for column in columns.iter_mut().rev() {
        arrange(slots, column, &[Some(&right), Some(&left)], false);
    }
    let top = slots.iter().map(|slot| slot.y).fold(f64::INFINITY, f64::min);
    for slot in slots.iter_mut() {
        slot.y -= top;
    }
}

/// How many pairs of lines cross between neighbouring columns.
fn crossings(slots: &[Slot], wires: &[Wire], columns: usize) -> u64 {
    let height = |port: Port| slots.get(port.slot).map_or(0.0, |slot| slot.y + port.offset);
    let crossing = |column: usize| {
        let starts = |wire: &&Wire| slots.get(wire.from.slot).is_some_and(|slot| slot.column == column);
        let mut lines: Vec<(f64, f64)> =
            wires.iter().filter(starts).map(|wire| (height(wire.from), height(wire.to))).collect();
        lines.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let mut ends: Vec<f64> = lines.iter().map(|line| line.1).collect();
        inversions(&mut ends)
    };
    (0..columns).map(crossing).sum()
}

/// How many pairs are in the wrong order; sorts them as well.
fn inversions(values: &mut [f64]) -> u64 {
    if values.len() < 2 {
        return 0;
    }
    let (left, right) = values.split_at_mut(values.len() / 2);
    let mut count = inversions(left).saturating_add(inversions(right));
    let mut rest = left.iter();
    for value in right.iter() {
        while rest.as_slice().first().is_some_and(|first| first <= value) {
            rest.next();
        }
        count = count.saturating_add(rest.len() as u64);
    }
    values.sort_by(f64::total_cmp);
    count
}

/// Puts the boxes of a column where they would like to be.
fn arrange(slots: &mut [Slot], column: &mut [usize], sides: &[Option<&Vec<Joined>>], sorts: bool) {
    let mut wanted: Vec<(usize, Option<f64>)> = Vec::with_capacity(column.len());
    for &index in column.iter() {
        let joined = sides.iter().flatten().filter_map(|side| side.get(index)).flatten();
        let heights = joined.filter_map(|(own, other)| Some(slots.get(other.slot)?.y + other.offset - own));
        let (count, sum) = heights.fold((0.0, 0.0), |(count, sum), y| (count + 1.0, sum + y));
        wanted.push((index, if count > 0.0 { Some(sum / count) } else { None }));
    }
    if sorts {
        wanted.sort_by(|a, b| {
            let key = |(index, y): &(usize, Option<f64>)| {
                let slot = slots.get(*index);
                let fixed = slot.is_some_and(|slot| slot.fixed);
                let y = if fixed { 0.0 } else { y.unwrap_or(f64::INFINITY) };
                (slot.map_or(0, |slot| slot.group), slot.is_some_and(|slot| slot.last), y)
            };
            let ((group, last, y), (other_group, other_last, other_y)) = (key(a), key(b));
            (group, last).cmp(&(other_group, other_last)).then(y.total_cmp(&other_y))
        });
    }
    for (place, (index, _)) in column.iter_mut().zip(&wanted) {
        *place = *index;
    }
    let wishes: Vec<Option<f64>> = wanted.into_iter().map(|(_, y)| y).collect();
    settle(slots, column, &wishes);
}

/// The heights nearest to the wishes (least squares) at which the boxes of a column, in their order,
/// do not touch: pool adjacent violators.
fn settle(slots: &mut [Slot], column: &[usize], wishes: &[Option<f64>]) {
    // Boxes that stand together: sum of wishes, weight, how many.
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    let mut offsets = Vec::with_capacity(column.len());
    let mut offset = 0.0;
    let mut before: Option<(usize, f64)> = None;
    for (place, &index) in column.iter().enumerate() {
        let Some(slot) = slots.get(index) else { continue };
        if let Some((group, height)) = before {
            offset += height + if group == slot.group { GAP } else { GROUP_GAP };
        }
        before = Some((slot.group, slot.height));
        offsets.push(offset);
        let (wish, weight) = match wishes.get(place).copied().flatten() {
            Some(wish) => (wish, 1.0),
            // Without a wish it stays near the others, and moves no other.
            None => (offset, 0.001),
        };
        let mut pool = ((wish - offset) * weight, weight, 1_usize);
        while let Some(last) = pools.pop_if(|last| last.0 / last.1 >= pool.0 / pool.1) {
            pool = (last.0 + pool.0, last.1 + pool.1, pool.2.saturating_add(last.2));
        }
        pools.push(pool);
    }
    let starts = pools.iter().flat_map(|(sum, weight, count)| std::iter::repeat_n(sum / weight, *count));
    for ((&index, offset), start) in column.iter().zip(offsets).zip(starts) {
        if let Some(slot) = slots.get_mut(index) {
            slot.y = start + offset;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(column: usize, group: usize) -> Slot {
        Slot { column, group, last: false, fixed: false, y: 0.0, height: 20.0 }
    }

    fn wire(from: usize, to: usize) -> Wire {
        Wire { from: Port { slot: from, offset: 10.0 }, to: Port { slot: to, offset: 10.0 } }
    }

    #[test]
    fn lines_that_would_cross_are_untangled() {
        let mut slots: Vec<Slot> = [0, 0, 0, 1, 1, 1].map(|column| slot(column, 0)).into();
        for fixed in slots.iter_mut().skip(3) {
            fixed.fixed = true;
        }
        place(&mut slots, &[wire(0, 5), wire(1, 4), wire(2, 3)]);
        let y: Vec<f64> = slots.iter().map(|slot| slot.y).collect();
        assert_eq!(y, [58.0, 29.0, 0.0, 0.0, 29.0, 58.0]);
    }

    #[test]
    fn pairs_in_the_wrong_order_are_counted() {
        for (mut values, count) in [
            (vec![], 0),
            (vec![1.0, 2.0, 2.0], 0),
            (vec![2.0, 1.0], 1),
            (vec![3.0, 2.0, 1.0, 0.0], 6),
            (vec![1.0, 4.0, 0.0, 3.0, 2.0], 5),
        ] {
            assert_eq!(inversions(&mut values), count, "{values:?}");
        }
    }

    #[test]
    fn boxes_never_touch_and_groups_stay_together() {
        let mut slots: Vec<Slot> = (0..12).map(|index| slot(usize::from(index > 0), index % 2)).collect();
        slots[3].last = true;
        let wires: Vec<Wire> = (1..12).map(|index| wire(0, index)).collect();
        place(&mut slots, &wires);
        let mut column: Vec<&Slot> = slots.iter().skip(1).collect();
        column.sort_by(|a, b| a.y.total_cmp(&b.y));
        for pair in column.windows(2) {
            assert!(pair[0].y + pair[0].height + GAP <= pair[1].y + 1e-6, "{pair:?}");
            assert!(pair[0].group <= pair[1].group);
            assert!(pair[0].group != pair[1].group || !pair[0].last, "{pair:?}");
        }
        // The one that feeds them all stands at the middle of them.
        let mean = column.iter().map(|slot| slot.y).sum::<f64>() / 11.0;
        assert!((slots[0].y - mean).abs() < 1.0, "{} {mean}", slots[0].y);
    }
}
