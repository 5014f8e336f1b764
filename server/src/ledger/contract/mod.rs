//! What every engine must do, written once and run on each: `ledger_contract!(open)` in a test module, where `open` is an async
//! function that gives a [`Bench`].

mod appending;
mod concurrency;
mod isolation;
mod reading;
mod registry;
mod restoring;
mod world;

use std::any::Any;
use std::sync::Arc;

use super::Ledger;

pub use world::{Phone, World, entry};

/// An engine to be tested, and what must live as long as it does (its folder, for one).
#[derive(Debug)]
pub struct Bench {
    /// The engine, empty.
    pub ledger: Arc<dyn Ledger>,
    /// Dropped last.
    pub keep: Box<dyn Any + Send + Sync>,
}

/// The list of cases, handed to a macro that makes something of each.
#[doc(hidden)]
#[macro_export]
macro_rules! ledger_cases {
    ($make:ident $($with:tt)*) => {
        $crate::$make! { ($($with)*)
            appending:
                positions_are_dense_from_zero
                a_stored_segment_reads_back_as_it_was_sealed
                a_repeated_push_changes_nothing_and_gets_the_same_receipt
                a_gap_is_told_and_nothing_is_stored
                nobody_goes_on_with_or_forks_anothers_chain
                a_fork_is_kept_whole_with_receipts_for_both_branches
                branches_grow_on_after_a_fork
                the_same_entries_cut_differently_are_no_fork
                an_overlap_that_goes_further_extends
                a_header_that_contradicts_itself_is_broken
                a_predecessor_in_another_chain_does_not_count
                a_chain_goes_on_behind_a_body_that_is_awaited
                a_body_is_awaited_once
                a_body_that_comes_late_may_show_a_fork
                what_is_set_aside_is_seen_and_kept_once
                one_bad_segment_does_not_hold_up_the_others;
            reading:
                a_new_site_is_empty
                a_site_is_made_once
                pages_fit_their_bytes_and_are_never_empty_before_the_end
                following_by_pages_misses_nothing
                the_site_log_can_be_read_in_parts
                roots_equal_a_tree_built_independently
                heads_are_the_ends_of_every_branch
                a_chain_is_read_from_a_number_on
                an_unforked_chain_has_no_branches;
            concurrency:
                fifty_copies_in_twenty_tasks_are_one_segment
                positions_stay_dense_under_eight_writers_and_a_follower_misses_none
                readers_see_only_what_is_committed
                a_dropped_writer_leaves_nothing_behind
                a_request_dropped_while_it_waits_leaves_no_lock
                two_forks_at_once_are_both_kept;
            isolation:
                a_segment_is_not_found_from_another_site
                one_site_s_log_says_nothing_of_another_s
                registries_are_apart
                a_site_that_does_not_exist_is_an_error;
            registry:
                certificates_come_back_in_order_once
                revoking_cuts_where_the_server_stands
                the_first_revocation_stays
                a_code_opens_once
                an_expired_code_opens_nothing
                a_code_has_one_winner
                a_nonce_is_good_once
                budgets_are_remembered;
            restoring:
                a_new_epoch_names_the_log_it_found
                an_epoch_is_above_all_that_were_known
                a_database_that_went_back_begins_a_new_epoch
                receipts_taken_before_a_restore_stay_as_they_were
                a_site_made_later_is_in_the_present_epoch
                the_backup_mark_never_goes_back;
        }
    };
}

/// Makes one test of each case of the contract, on the engines that an async function of this name gives.
#[macro_export]
macro_rules! ledger_contract {
    ($open:ident) => {
        $crate::ledger_cases! { ledger_case_tests $open }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! ledger_case_tests {
    (($open:ident) $($area:ident: $($case:ident)+;)+) => {
        $($(
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $case() {
                $crate::ledger::contract::$case($open().await).await;
            }
        )+)+
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! ledger_case_functions {
    (() $($area:ident: $($case:ident)+;)+) => {
        $($(
            #[doc = concat!("The case `", stringify!($case), "`.")]
            pub async fn $case(bench: Bench) {
                $area::$case(&World::new(bench.ledger.clone()).await).await;
                drop(bench);
            }
        )+)+
    };
}

ledger_cases! { ledger_case_functions }
