import{a as o}from"./chunk-46QJC6J4.js";import"./chunk-7AJ7S7BH.js";o();
