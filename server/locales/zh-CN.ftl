# 页面上的文字。领域里的词（记录的种类、状态、规则）在核心库里。每条消息另起一行。
# 每一条都可以用 {$headquarters}：这家单位对上级机构的称呼（本部 或 总部）。

skip-to-content = 跳到正文
nav-label = 主导航
nav-account = 我的账户
logout = 退出登录
footer = 值班日志：现场离线记录，{$headquarters}远程监督。
to-start = 回到首页
error-code = 错误代码
support-id = 支持编号
live-news = 有新的记录。
live-reload = 刷新

login-title = 登录
login-lead = 登录后查看各站点的巡检、事件和交接班记录。
login = 登录
login-help = 忘记密码时，请联系管理员。
login-refused = 账户名或密码不正确。
login-wait = 尝试次数过多，请在 {$seconds} 秒后再试。

account-title = 我的账户
account-name = 账户名
account-display-name = 显示的姓名（可不填）
account-role = 角色
account-scope = 可见站点
account-bad-name = 账户名只能用文字、数字和 . - _ @，最多 64 个字符。
account-name-taken = 这个账户名已被使用。
role-admin = 管理员
role-hq = {$headquarters}审核人
role-auditor = 审计员
scope-all = 全部站点
scope-some = {$count} 个站点

password = 密码
password-current = 当前密码
password-new = 新密码
password-repeat = 再输入一次密码
password-hint = 至少 12 个字符，建议 15 个以上；可以用一句话。
password-change = 修改密码
password-changed = 密码已修改，其他设备上的登录都已退出。
password-wrong-current = 当前密码不正确。
password-repeat-differs = 两次输入的密码不一致。
password-too-short = 密码太短，至少需要 {$minimum} 个字符。
password-too-long = 密码太长，最多 256 个字符。
password-common = 这个密码很容易被猜到，请换一个。
password-like-name = 密码和账户名太像，请换一个。

setup-title = 创建第一个管理员
setup-lead = 这台服务器还没有账户。请用一次性设置码创建第一个管理员。
setup-token = 设置码
setup-token-hint = 设置码在服务器的一个文件里，启动时显示了它的位置；24 小时内有效，只能用一次。
setup-submit = 创建管理员
setup-bad-token = 设置码不正确、已用过或已过期。重启服务器可得到新的设置码。
