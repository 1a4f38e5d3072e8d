var r=o=>2+3.75*o;export{r as a};
