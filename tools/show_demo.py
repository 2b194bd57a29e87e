#!/usr/bin/env python3
"""Prints where to look at the demo community and how to sign in."""
import json
import sys


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        demo = json.load(file)
    base = sys.argv[2]
    print(f"\n  {demo['community']['name']} · sample community, all people are generated · 示例社区,人名均为生成\n")
    print(f"  Residents 居民    {base}/            (join through a door link 扫门码加入)")
    print(f"  Staff 工作人员    {base}/console/\n")
    print("  Door links 门码            door 门牌          household code 住户码")
    for door in demo["doors"][:3]:
        print(f"  {base}{door['url_path']}\n{'':29}{door['address']:<16}  {door['household_code']}")
    print("\n  Logins 账号                password 密码        post 岗位")
    for login in demo["logins"]:
        print(f"  {login['login']:<25}  {login['password']:<18}  {login['role']}, {login['scope']}")
    print("\n  Ctrl-C ends it. Everything is kept in var/demo; delete that folder for a new demo.\n")


main()
