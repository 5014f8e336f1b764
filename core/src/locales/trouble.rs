//! What went wrong on the phone, in sentences: what happened, and what to do. What was typed is kept in every case.

use super::{Locale, RejectionText};

macro_rules! troubles {
    ($($(#[$meta:meta])* $name:ident = $code:literal $again:literal [$zh:literal, $zh_do:literal] [$en:literal, $en_do:literal];)+) => {
        /// Something that went wrong beside the rules: with the storage, the keys, a PIN, a file or the boundary itself.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Trouble { $($(#[$meta])* $name,)+ }

        impl Trouble {
            /// All of them, in order of definition.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// A code that never changes, for programs.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// Whether the same call may succeed later without anything being changed.
            #[must_use]
            pub const fn passes(self) -> bool {
                match self { $(Self::$name => $again,)+ }
            }

            const fn said(self) -> [[&'static str; 2]; 2] {
                match self { $(Self::$name => [[$zh, $zh_do], [$en, $en_do]],)+ }
            }
        }
    };
}

troubles! {
    /// No space left, and the reserve is spent.
    StorageFull = "storage_full" true
        ["手机存储空间已满，这一步没有保存。", "请清理手机空间后重试；已保存的记录不受影响。"]
        ["The phone's storage is full; this step was not saved.", "Free some space and try again. What was saved before is safe."];
    /// A lock could not be had in time.
    StorageBusy = "storage_busy" true
        ["存储正忙，这一步没有保存。", "请稍后重试。"]
        ["The storage is busy; this step was not saved.", "Try again in a moment."];
    /// Another process writes the database.
    StorageInUse = "storage_in_use" true
        ["日志已被这部手机上的另一个程序打开。", "请关闭另一个程序后重试。"]
        ["The logbook is open in another program on this phone.", "Close the other program, then try again."];
    /// Bytes on disk are not what was written.
    StorageDamaged = "storage_damaged" false
        ["手机上的部分存储已损坏。", "请重新打开应用，能救回的会自动救回；并告知本部。请勿卸载应用。"]
        ["Part of the storage on this phone is damaged.", "Open the app again, which saves what can be saved, and tell HQ. Do not uninstall the app."];
    /// A newer version wrote the database.
    StorageNewer = "storage_newer" false
        ["数据由更新版本的应用写入，这个版本打不开。", "请更新应用；记录仍安全保存。"]
        ["A newer version of the app wrote the data; this one cannot open it.", "Update the app. The records are safe."];
    /// The database is another site's, or none.
    StorageElsewhere = "storage_elsewhere" false
        ["这个文件夹里是另一个站点的日志。", "请选择本站点的文件夹，或重新登记手机。"]
        ["This folder holds another site's logbook.", "Choose this site's folder, or enrol the phone again."];
    /// Anything else of the storage.
    StorageFailed = "storage_failed" true
        ["存储出错，这一步没有保存。", "请重试；若反复出现，请告知本部。"]
        ["The storage failed; this step was not saved.", "Try again; if it happens again, tell HQ."];
    /// The chain may not be written any more.
    ChainClosed = "chain_closed" false
        ["这部手机的日志是从备份恢复或复制来的，不能接着写。", "请开始新的记录链；已有的记录都会保留。"]
        ["This phone's logbook was restored or copied and cannot be continued.", "Start a new chain. All records stay."];
    /// The logbook is paused.
    Paused = "paused" true
        ["日志已暂停。", "请先恢复再操作。"]
        ["The logbook is paused.", "Resume it first."];
    /// The logbook was closed for good.
    Closed = "closed" false
        ["日志已关闭。", "请重新打开。"]
        ["The logbook is closed.", "Open it again."];
    /// The key store cannot be reached yet.
    KeysLocked = "keys_locked" true
        ["密钥库暂不可用。", "请解锁手机后重试。"]
        ["The key store is not available yet.", "Unlock the phone, then try again."];
    /// A key that should be there is not.
    KeyLost = "key_lost" false
        ["这部手机的密钥不见了。", "请管理员重新登记这部手机；记录都会保留。"]
        ["This phone's key is gone.", "Ask an administrator to enrol the phone again. All records stay."];
    /// The key store failed.
    KeysFailed = "keys_failed" true
        ["密钥库出错。", "请重试；若反复出现，请重启手机。"]
        ["The key store failed.", "Try again; if it happens again, restart the phone."];
    /// Nobody is signed in.
    NotSignedIn = "not_signed_in" false
        ["没有人登录。", "请先登录；已填内容不会丢失。"]
        ["Nobody is signed in.", "Sign in first. What you typed is kept."];
    /// A draft that somebody else has begun.
    OthersDraft = "others_draft" false
        ["这份草稿是别人开始的。", "请由本人登录后继续，或另起一份。"]
        ["Somebody else has begun this draft.", "Let them sign in and go on, or begin another."];
    /// What would still be recorded again by itself was to be struck off.
    NotToRedo = "not_to_redo" false
        ["这条记录在作者登录后会自动重新记录，仍然保留。", "请作者登录；无需再做一次。"]
        ["This entry is recorded again by itself once its author signs in; it is kept.", "Let its author sign in. It need not be done again."];
    /// A person who has not been enrolled on this phone.
    UnknownPerson = "unknown_person" false
        ["此人没有在这部手机上登记。", "请向管理员索取登记码，联网登记一次。"]
        ["This person has not been enrolled on this phone.", "Ask an administrator for a code and enrol once with network."];
    /// A wrong PIN; another try is taken at once.
    WrongPin = "wrong_pin" true
        ["PIN 不正确。", "请重新输入。"]
        ["Wrong PIN.", "Enter it again."];
    /// A wrong PIN; the next try has to wait.
    PinWait = "pin_wait" true
        ["PIN 多次不正确，须等待后再试。", "请稍候；事件键不受影响。"]
        ["Wrong PIN several times; the next try has to wait.", "Wait a little. The incident button still works."];
    /// No further PIN is taken.
    PinLocked = "pin_locked" false
        ["PIN 错误次数过多，不再接受尝试。", "请管理员重新登记此人；记录都会保留。"]
        ["Too many wrong PINs; no further try is taken.", "Ask an administrator to enrol this person again. All records stay."];
    /// A PIN that would protect nothing.
    WeakPin = "weak_pin" false
        ["PIN 至少六位，且不能全部相同。", "请换一个 PIN。"]
        ["A PIN needs six digits that are not all alike.", "Choose another PIN."];
    /// Not an enrolment code.
    NotAnInvitation = "not_an_invitation" false
        ["这不是登记码。", "请扫描管理员出示的二维码，或检查输入是否有误。"]
        ["This is not an enrolment code.", "Scan the code the administrator shows, or check what was typed."];
    /// The server did not accept an enrolment.
    EnrolmentRefused = "enrolment_refused" false
        ["本部没有接受登记。", "登记码只能用一次，且十分钟内有效；请向管理员索取新的登记码。"]
        ["HQ did not accept the enrolment.", "A code works once, and for ten minutes. Ask the administrator for a new one."];
    /// The server could not answer an enrolment now.
    EnrolmentLater = "enrolment_later" true
        ["本部暂时无法答复登记。", "请稍后重试；登记请求已保留。"]
        ["HQ cannot answer the enrolment now.", "Try again later; the request is kept."];
    /// An answer that proves nothing.
    NotHeadquarters = "not_headquarters" true
        ["当前网络连接的不是本部。", "请换一个网络，或在浏览器中登录此网络后重试。"]
        ["This network is not HQ.", "Use another network, or sign in to this one, then try again."];
    /// The file of the enrolment is damaged, or missing.
    BadEnrolment = "bad_enrolment" false
        ["这部手机的登记信息不可读，或还没有登记。", "请登记这部手机。"]
        ["The enrolment on this phone cannot be read, or there is none.", "Enrol this phone."];
    /// More than an entry can hold.
    TooLarge = "too_large" false
        ["内容超出一条记录的容量。", "请分成几条记录。"]
        ["This is more than one entry can hold.", "Split it into several."];
    /// A bundle that cannot be read.
    BundleUnreadable = "bundle_unreadable" false
        ["文件不完整或已损坏，没有导入任何内容。", "请对方重新导出后再导入。"]
        ["The file is incomplete or damaged; nothing was imported.", "Ask for a new export, then import that."];
    /// A bundle of another site or organisation.
    BundleElsewhere = "bundle_elsewhere" false
        ["文件属于另一个站点，没有导入任何内容。", "请选择本站点的文件。"]
        ["The file belongs to another site; nothing was imported.", "Choose a file of this site."];
    /// More than a bundle can hold.
    BundleTooLarge = "bundle_too_large" false
        ["要导出的内容超过 64 MiB。", "请先联网发送一部分，或按对方已有的内容导出。"]
        ["There is more than 64 MiB to export.", "Send some of it first, or export only what the other phone lacks."];
    /// A file could not be read or written.
    FileFailed = "file_failed" true
        ["文件无法读取或写入。", "请检查位置和剩余空间后重试。"]
        ["The file could not be read or written.", "Check the place and the free space, then try again."];
    /// The app handed something over that is not what it should be.
    BadArgument = "bad_argument" false
        ["应用传入的内容不符合要求。", "请更新应用；若反复出现，请告知本部。"]
        ["The app handed over something that is not as it should be.", "Update the app; if it happens again, tell HQ."];
    /// A call from within a key store's own method.
    CalledFromWithin = "called_from_within" false
        ["应用在不允许的时刻调用了日志。", "请更新应用。"]
        ["The app called the logbook at a moment when it may not.", "Update the app."];
    /// A fault in this program. The app goes on and the records are whole.
    Fault = "fault" true
        ["程序内部出错，这一步可能没有保存；已保存的记录完好。", "请查看列表后重试；可能需要重新登录，并请告知本部。"]
        ["A fault in this program; this step may not have been saved. What was saved is whole.", "Look at the list, then try again. You may have to sign in again. Tell HQ."];
}

/// What went wrong and what to do about it.
#[must_use]
pub fn trouble_text(trouble: Trouble, locale: Locale) -> RejectionText {
    let [zh, en] = trouble.said();
    let [sentence, what_to_do] = if locale == Locale::ZhCn { zh } else { en };
    RejectionText { sentence: sentence.into(), what_to_do: what_to_do.into() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::capture::Rejection;

    #[test]
    fn everything_is_said_in_both_languages_and_ends_as_a_sentence() {
        for trouble in Trouble::ALL {
            let [zh, en] = trouble.said();
            assert!(zh.iter().all(|text| text.ends_with('。') && !text.is_ascii()), "{trouble:?}");
            assert!(en.iter().all(|text| text.ends_with('.') && text.is_ascii()), "{trouble:?}");
        }
    }

    #[test]
    fn a_code_means_one_thing() {
        let mut seen = BTreeSet::new();
        assert!(Trouble::ALL.iter().all(|trouble| seen.insert(trouble.code())));
        // What is too large is said by the same code, whoever notices it.
        let shared: Vec<_> = Rejection::CODES.iter().filter(|code| seen.contains(**code)).collect();
        assert_eq!(shared, [&"too_large"]);
    }
}
