//! What `crdts` 7.3.2 does that the design stands on. An upgrade that changes one of these must be noticed here, and thought through.

use crdts::ctx::AddCtx;
use crdts::{CmRDT, CvRDT, Dot, MVReg, Map, Orswot, VClock, mvreg};

fn put(actor: u8, counter: u64, value: &'static str) -> mvreg::Op<&'static str, u8> {
    mvreg::Op::Put { clock: Dot::new(actor, counter).into(), val: value }
}

/// F1: additions that arrive out of order are lost, and merging spreads the loss. So state is never merged, and sets that only grow are rows.
#[test]
fn orswot_loses_what_arrives_out_of_order_and_merging_spreads_the_loss() {
    let mut healthy: Orswot<&str, u8> = Orswot::new();
    let ops: Vec<_> = ["x0", "x1", "x2"]
        .into_iter()
        .map(|member| {
            let op = healthy.add(member, healthy.read_ctx().derive_add_ctx(1));
            healthy.apply(op.clone());
            op
        })
        .collect();
    let mut damaged: Orswot<&str, u8> = Orswot::new();
    ops.into_iter().rev().for_each(|op| damaged.apply(op));
    assert_eq!(healthy.read().val.len(), 3);
    assert_eq!(damaged.read().val.len(), 1);
    healthy.merge(damaged);
    assert_eq!(healthy.read().val.into_iter().collect::<Vec<_>>(), ["x2"]);
}

/// F2: one dot used twice leaves two replicas different for ever. So the actor is a branch of a chain, and forks are found first.
#[test]
fn a_reused_dot_diverges_silently() {
    let (a, b) = (put(1, 7, "pump BROKEN"), put(1, 7, "pump OK"));
    let (mut one, mut other) = (MVReg::new(), MVReg::new());
    [a.clone(), b.clone()].into_iter().for_each(|op| one.apply(op));
    [b, a].into_iter().for_each(|op| other.apply(op));
    assert_ne!(one.read().val, other.read().val);
}

/// F3: a map of registers rejects its own second write when that is to another key. So registers are never nested.
#[test]
fn a_map_of_registers_rejects_its_own_second_write() {
    let mut map: Map<&str, MVReg<u8, u8>, u8> = Map::new();
    let mut lawful = Vec::new();
    for key in ["place", "cause", "place"] {
        let ctx: AddCtx<u8> = map.read_ctx().derive_add_ctx(9);
        let op = map.update(key, ctx, |reg, ctx| reg.write(1, ctx));
        lawful.push(map.validate_op(&op).is_ok());
        map.apply(op);
    }
    assert_eq!(lawful, [true, false, false]);
}

/// Registers compare equal and still list their values in the order of arrival. So ours are sorted before they are shown or stored.
#[test]
fn a_register_lists_values_in_the_order_of_arrival() {
    let (mut one, mut other) = (MVReg::new(), MVReg::new());
    {
        let (first, second) = (1, 2);
        one.apply(put(first, 1, "a"));
        one.apply(put(second, 1, "b"));
        other.apply(put(second, 1, "b"));
        other.apply(put(first, 1, "a"));
    }
    assert_eq!(one, other);
    assert_eq!((one.read().val, other.read().val), (vec!["a", "b"], vec!["b", "a"]));
}

/// A write replaces what its clock covers, whatever the order, and a repeated one changes nothing.
#[test]
fn a_register_takes_any_order_and_repetition() {
    let clock: VClock<u8> = [Dot::new(1, 1), Dot::new(2, 1)].into_iter().collect();
    let settle = mvreg::Op::Put { clock, val: "settled" };
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let ops = [put(1, 1, "wet"), put(2, 1, "dry"), settle.clone()];
        let mut register = MVReg::new();
        order.into_iter().chain(order).for_each(|i: usize| register.apply(ops[i].clone()));
        assert_eq!(register.read().val, ["settled"]);
    }
}
