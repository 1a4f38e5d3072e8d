import{a as t}from"./chunk-X7WEKONH.js";import"./chunk-GJF6Y264.js";o();async function o(){var a;await t()&&((a=document.querySelector("[data-then]"))==null||a.classList.add("now"))}
