//! What people write, in Chinese and English.

/// Something to say, in both languages.
pub(in crate::demo) type Phrase = (&'static str, &'static str);

/// Both languages in one text, as people of a mixed crew write.
pub(in crate::demo) fn said((chinese, english): Phrase) -> String {
    format!("{chinese} / {english}")
}

pub(in crate::demo) const FOUND: &[Phrase] = &[
    ("与上次相比明显变差，已做标记", "clearly worse than last time, marked"),
    ("指示灯告警，现场已确认", "alarm lamp lit, confirmed on the spot"),
    ("有异响，持续约十分钟", "unusual noise for about ten minutes"),
    ("发现少量渗漏，已放置接水盘", "a small leak, tray placed under it"),
    ("有异味，已开窗通风", "unusual smell, windows opened"),
];
pub(in crate::demo) const HIGH: &[Phrase] = &[
    ("读数超限，复测一致", "reading out of limits, measured twice"),
    ("比上次升高，已加强巡视", "higher than before, watched more closely"),
];
pub(in crate::demo) const SKIPS: &[Phrase] = &[
    ("暴雨，道路积水无法到达", "heavy rain, the way is flooded"),
    ("正在倒闸操作，禁止进入", "switching in progress, no entry"),
    ("门锁卡死，已报修", "the lock is jammed, repair ordered"),
];
pub(in crate::demo) const NO_ROUND: &[Phrase] = &[
    ("雷暴预警，室外巡检取消", "thunderstorm warning, outdoor round called off"),
    ("全员处置突发事件", "everybody at work on an incident"),
];
pub(in crate::demo) const LINES: &[Phrase] = &[
    ("已到现场，设置警戒", "on the spot, area closed off"),
    ("切换至备用设备，运行正常", "changed over to the standby unit, running normally"),
    ("已通知厂家，预计两小时到达", "maker called, expected within two hours"),
    ("更换部件，开始试运行", "part replaced, trial run started"),
    ("连续观察一小时，参数稳定", "watched for an hour, readings steady"),
];
pub(in crate::demo) const RESULTS: &[Phrase] = &[
    ("缺陷消除，恢复正常运行", "fault removed, back in normal operation"),
    ("临时处理完成，列入检修计划", "made safe for now, put on the maintenance plan"),
];
pub(in crate::demo) const CAUSES: &[Phrase] = &[
    ("密封件老化", "worn seal"),
    ("滤网堵塞，散热不良", "clogged filter, poor cooling"),
    ("接线端子松动", "loose terminal"),
];
pub(in crate::demo) const RESPONSIBILITY: Phrase =
    ("设备自然老化，无人为责任", "ordinary wear, nobody at fault");
pub(in crate::demo) const COUNTERMEASURES: &[Phrase] = &[
    ("备件入库，巡检时加测一次", "spare part in stock, one more measurement on rounds"),
    ("每月清洗滤网", "filters cleaned every month"),
];
pub(in crate::demo) const REMARKS: &[Phrase] = &[
    ("情况清楚，同意接班", "all clear, taking over"),
    ("遗留问题已知悉，继续跟踪", "open items understood, will follow up"),
];
pub(in crate::demo) const HQ_COMMENTS: &[Phrase] = &[
    (
        "已阅。请在下次巡检时复测并附结果。",
        "Seen. Please measure again on the next round and note the result.",
    ),
    ("处置及时，注意补全记录。", "Handled in time; please complete the record."),
    ("请说明备件情况。", "Please say whether there are spare parts."),
];
pub(in crate::demo) const TECHNICIAN_PLACE: Phrase =
    ("2 号主变北侧 3 米，油坑边", "3 m north of transformer 2, beside the oil pit");
pub(in crate::demo) const LEAD_PLACE: Phrase = ("2 号主变与围墙之间", "between transformer 2 and the wall");
pub(in crate::demo) const DUTY_PHONE: &str = "13800000000";
pub(in crate::demo) const TOLD_LEADER: Phrase = ("本部值班领导", "duty manager at headquarters");
pub(in crate::demo) const SUGGESTION: Phrase = ("建议尽快安排检修", "arrange maintenance soon");
